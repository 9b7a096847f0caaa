#include "bench/pceload/session/pcc.h"

#include "core/base/check.h"

#include <stdlib.h>

bool pcc_table_init(struct pcc_table *table, const struct pcc_table_given *given)
{
    const struct load_given *of = &given->load->given;
    *table = (struct pcc_table){.options = of->options,
                                .templates = of->templates,
                                .network = of->network,
                                .now = given->now,
                                .counters = of->counters,
                                .results = of->results,
                                .ring = given->ring,
                                .load = given->load,
                                .lsps = given->lsps,
                                .count = of->session_count,
                                .well_count = of->well_count};
    table->pccs = calloc(table->count, sizeof *table->pccs);
    table->marked = calloc(table->count, sizeof *table->marked);
    if (table->pccs == NULL || table->marked == NULL)
        return false;
    for (uint32_t i = 0; i < table->count; i++) {
        struct pcc *pcc = &table->pccs[i];
        pcc->behaviour = (uint8_t)options_behaviour(of->options, pcc_index(table, pcc));
        load_init_window(table->load, &pcc->window);
    }
    return true;
}

void pcc_table_fini(struct pcc_table *table)
{
    for (uint32_t i = 0; table->pccs != NULL && i < table->count; i++) {
        free(table->pccs[i].sending);
        free(table->pccs[i].gathered);
    }
    free(table->pccs);
    free(table->marked);
}

void pcc_mark(struct pcc_table *table, struct pcc *pcc)
{
    if ((pcc->flags & PCC_FLAG_MARKED) != 0)
        return;
    pcc->flags |= PCC_FLAG_MARKED;
    CHECK(table->marked_count < table->count);
    table->marked[table->marked_count++] = pcc_number(table, pcc);
}

void pcc_table_mark_all(struct pcc_table *table)
{
    for (uint32_t i = 0; i < table->well_count; i++) {
        if (table->pccs[i].state == PCC_UP)
            pcc_mark(table, &table->pccs[i]);
    }
}

void pcc_receive(struct pcc_table *table, struct pcc *pcc)
{
    CHECK((pcc->flags & PCC_FLAG_RECEIVING) == 0);
    uring_receive(table->ring, pcc_number(table, pcc));
    pcc->operations++;
    pcc->flags |= PCC_FLAG_RECEIVING;
}

void pcc_end_ramp(struct pcc_table *table, struct pcc *pcc)
{
    if ((pcc->flags & PCC_FLAG_RAMPING) == 0)
        return;
    pcc->flags &= (uint8_t)~PCC_FLAG_RAMPING;
    CHECK(table->connecting > 0);
    table->connecting--;
}
