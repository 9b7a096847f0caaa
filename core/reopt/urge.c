#include "core/reopt/urge.h"

#include <string.h>

static uint64_t urge_rank(const struct lsp *lsp, float bandwidth)
{
    const struct lsp_summary *summary = &lsp_first_instance(lsp)->summary;
    uint64_t priority =
        summary->setup_priority < TED_PRIORITIES ? summary->setup_priority : TED_PRIORITIES - 1;
    uint32_t bits; /* of what is not negative they grow with it */
    memcpy(&bits, &bandwidth, sizeof bits);
    return priority << 32 | (UINT32_MAX - bits);
}

uint64_t reopt_rank_of(const struct lsp *lsp)
{
    float bandwidth = lsp_first_instance(lsp)->summary.bandwidth;
    return urge_rank(lsp, bandwidth > 0 ? bandwidth : 0);
}

void reopt_urge(struct reopt *reopt, const struct lsp *lsp)
{
    reopt->counters.reopt_no_memory +=
        !slot_queue_add(&reopt->urgent, lsp->slot, reopt_rank_of(lsp));
}

void reopt_urge_again(struct reopt *reopt, const struct lsp *lsp)
{
    reopt->counters.reopt_no_memory +=
        !slot_queue_add(&reopt->urgent, lsp->slot, urge_rank(lsp, 0));
}
