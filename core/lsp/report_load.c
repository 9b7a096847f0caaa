#include "core/lsp/report_load.h"

#include "core/lsp/lsp_pcc.h"

static void open_window(struct report_load *load, struct mono ends)
{
    load->window_ends = ends;
    load->window++;
    load->octets = 0;
    load->senders = 0;
    load->most = load->most_syncing = load->most_growing = NULL;
}

void report_load_init(struct report_load *load)
{
    *load = (struct report_load){.since = MONO_NEVER};
    open_window(load, MONO_NEVER);
}

static bool is_behind(const struct report_load *load)
{
    return !mono_is_never(load->since);
}

uint64_t report_load_lag_ns(const struct report_load *load, struct mono now)
{
    return is_behind(load) ? mono_since_ns(now, load->since) : 0;
}

/* ---- who sends ---- */

static void raise_octets(struct lsp_pcc **most, struct lsp_pcc *pcc)
{
    if (*most == NULL || pcc->window_octets > (*most)->window_octets)
        *most = pcc;
}

static uint32_t growth_of(const struct lsp_pcc *pcc)
{
    return pcc->count > pcc->count_before ? pcc->count - pcc->count_before : 0;
}

void report_load_note(struct report_load *load, struct lsp_pcc *pcc, uint32_t octets)
{
    if (pcc->window != load->window) {
        pcc->window = load->window;
        pcc->window_octets = 0;
        load->senders++;
    }
    pcc->window_octets += octets < UINT32_MAX - pcc->window_octets ? octets : 0;
    load->octets += octets;
    raise_octets(&load->most, pcc);
    if (pcc->sync != LSP_SYNC_RUNNING)
        return;
    raise_octets(&load->most_syncing, pcc);
    if (growth_of(pcc) > 0 &&
        (load->most_growing == NULL || growth_of(pcc) > growth_of(load->most_growing)))
        load->most_growing = pcc;
}

uint32_t report_load_growth(const struct report_load *load)
{
    return load->most_growing == NULL ? 0 : growth_of(load->most_growing);
}

void report_load_forget(struct report_load *load, const struct lsp_pcc *pcc)
{
    struct lsp_pcc **const all[] = {&load->most, &load->most_syncing, &load->most_growing};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (*all[i] == pcc)
            *all[i] = NULL;
    }
}

static bool is_syncing(const struct lsp_pcc *pcc)
{
    return pcc != NULL && pcc->sync == LSP_SYNC_RUNNING;
}

static struct lsp_pcc *choose_too_fast(const struct report_load *load)
{
    struct lsp_pcc *pcc = load->most_syncing;
    if (is_syncing(pcc) && pcc->window_octets >= load->octets / load->senders / 2)
        return pcc;
    return load->most;
}

/* ---- how late ---- */

static bool has_lasted(uint64_t lag_ns, uint32_t limit_s)
{
    return limit_s != 0 && lag_ns >= limit_s * MONO_NS_PER_S;
}

/* Where it is requests that come too fast, core/requests/overload.h has the word. */
static bool is_of_reports(const struct report_load *load, const struct report_turn *turn)
{
    const uint64_t reported = load->reported - load->reported_from;
    return reported > 0 && reported >= (turn->received - load->received_from) / 2;
}

static void note_lag(struct report_load *load, const struct report_turn *turn, struct mono now)
{
    if (!turn->has_left) {
        load->since = MONO_NEVER;
    } else if (!is_behind(load)) {
        load->since = now;
        load->received_from = turn->received;
        load->reported_from = load->reported;
    }
}

/* The window is over: who is to go for what it has seen. */
static void judge_window(const struct report_load *load, const struct report_limits *limits,
                         const struct report_turn *turn, struct mono now,
                         struct report_verdict *verdict)
{
    if (load->is_late && has_lasted(report_load_lag_ns(load, now), limits->close_s))
        verdict->too_fast = choose_too_fast(load);
    if (turn->is_near && is_syncing(load->most_growing))
        verdict->too_many = load->most_growing;
}

struct report_verdict report_load_on_turn(struct report_load *load,
                                          const struct report_limits *limits,
                                          const struct report_turn *turn, struct mono now)
{
    struct report_verdict verdict = {0};
    const bool was_late = load->is_late;
    note_lag(load, turn, now);
    load->is_late =
        has_lasted(report_load_lag_ns(load, now), limits->late_s) && is_of_reports(load, turn);
    verdict.begins = load->is_late && !was_late;
    verdict.ends = was_late && !load->is_late;
    const bool is_watched = is_behind(load) || turn->is_near;
    if (!is_watched) {
        load->window_ends = MONO_NEVER;
    } else if (mono_is_never(load->window_ends)) {
        open_window(load, mono_add_ms(now, REPORT_WINDOW_MS));
    } else if (!mono_is_before(now, load->window_ends)) {
        judge_window(load, limits, turn, now, &verdict);
        open_window(load, mono_add_ms(now, REPORT_WINDOW_MS));
    }
    return verdict;
}
