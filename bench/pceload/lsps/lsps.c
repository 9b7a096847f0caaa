#include "bench/pceload/lsps/lsps.h"

#include "core/base/check.h"
#include "core/pcep/model.h"

#include <stdlib.h>
#include <string.h>

#define ANSWERS_ROOM_MIN 4096u

bool lsps_init(struct lsps *lsps, const struct load_given *given)
{
    *lsps = (struct lsps){.given = given};
    if (!given->options->is_stateful)
        return true;
    lsps->sessions = calloc(given->session_count, sizeof *lsps->sessions);
    for (uint32_t i = 0; lsps->sessions != NULL && i < given->session_count; i++)
        known_init(&lsps->sessions[i].known, given->options->reports);
    return lsps->sessions != NULL;
}

void lsps_fini(struct lsps *lsps)
{
    for (uint32_t i = 0; lsps->sessions != NULL && i < lsps->given->session_count; i++) {
        known_fini(&lsps->sessions[i].known);
        free(lsps->sessions[i].answers);
    }
    free(lsps->sessions);
    lsps->sessions = NULL;
}

bool lsps_read_stage(struct lsps *lsps)
{
    bool may_report = lsps->given->now->ns >= counter_get(&lsps->given->stage->reports_from);
    bool is_new = may_report && !lsps->may_report;
    lsps->may_report = may_report;
    return is_new;
}

uint64_t lsps_next_change(const struct lsps *lsps)
{
    return lsps->may_report ? STAGE_NEVER : counter_get(&lsps->given->stage->reports_from);
}

void lsps_on_up(struct lsps *lsps, uint32_t number)
{
    if (lsps->sessions == NULL)
        return;
    lsps->sessions[number].stage = LSPS_REPORTING;
    lsps->sessions[number].next = 1;
}

void lsps_on_down(struct lsps *lsps, uint32_t number)
{
    if (lsps->sessions == NULL)
        return;
    struct lsps_session *session = &lsps->sessions[number];
    if (session->stage == LSPS_SYNCHRONISED)
        counter_subtract(&lsps->given->counters->synchronised, 1);
    session->stage = LSPS_DOWN;
    free(session->answers);
    session->answers = NULL;
}

static bool lsps_session_reports(const struct lsps_session *session)
{
    return session->stage == LSPS_REPORTING;
}

bool lsps_is_reporting(const struct lsps *lsps, uint32_t number)
{
    return lsps->sessions != NULL && lsps_session_reports(&lsps->sessions[number]);
}

bool lsps_is_marked(const struct lsps *lsps, uint32_t number)
{
    return lsps->sessions != NULL && lsps->sessions[number].stage == LSPS_MARKED;
}

bool lsps_has_more(const struct lsps *lsps, uint32_t number)
{
    if (lsps->sessions == NULL)
        return false;
    const struct lsps_session *session = &lsps->sessions[number];
    return lsps_session_reports(session) ? lsps->may_report : session->answers != NULL;
}

/* ---- the synchronisation ---- */

static size_t lsps_put_report(struct lsps *lsps, uint32_t number, uint8_t *to, size_t room)
{
    const struct load_given *given = lsps->given;
    const struct lsps_session *session = &lsps->sessions[number];
    const struct known_lsp *lsp = known_find(&session->known, session->next);
    if (lsp == NULL && room < REPORT_FORM_SIZE)
        return 0;
    if (lsp == NULL) {
        struct report_values values =
            own_lsp(given->network, given->options, lsps_index(lsps, number), session->next);
        values.flags |= PCEP_LSP_S;
        return report_put_own(&given->templates->reports, &values, to);
    }
    struct report report = known_report(lsp);
    report.flags |= PCEP_LSP_S;
    return report_put(&report, to, room);
}

/* An own LSP is always there; one that a PCE has made may be gone. */
static bool lsps_is_gone(const struct known *known, uint32_t plsp_id)
{
    return plsp_id > known->own && known_find(known, plsp_id) == NULL;
}

static size_t lsps_put_form(const struct form *form, uint8_t *to)
{
    memcpy(to, form->octets, form->size);
    return form->size;
}

/* The end marker and the mark. */
static size_t lsps_put_end(struct lsps *lsps, struct lsps_session *session, uint8_t *to,
                           size_t room)
{
    const struct templates *templates = lsps->given->templates;
    if (room < templates->end_of_sync.size + templates->mark.size)
        return 0;
    size_t size = lsps_put_form(&templates->end_of_sync, to);
    size += lsps_put_form(&templates->mark, to + size);
    session->stage = LSPS_MARKED;
    counter_add(&lsps->given->counters->reports_done, 1);
    return size;
}

static size_t lsps_put_reports(struct lsps *lsps, uint32_t number, uint8_t *to, size_t room)
{
    struct lsps_session *session = &lsps->sessions[number];
    struct live_counters *counters = lsps->given->counters;
    uint64_t sent = 0;
    size_t size = 0, more = 1;
    if (counter_get(&counters->first_report_ns) == 0)
        counter_set(&counters->first_report_ns, lsps->given->now->ns);
    for (; session->next <= session->known.count && more > 0; size += more) {
        if (lsps_is_gone(&session->known, session->next)) {
            session->next++;
            continue;
        }
        more = lsps_put_report(lsps, number, to + size, room - size);
        session->next += more > 0;
        sent += more > 0;
    }
    lsps->given->results->report_octets += size;
    counter_add(&counters->reports_sent, sent);
    if (session->next > session->known.count)
        size += lsps_put_end(lsps, session, to + size, room - size);
    return size;
}

bool lsps_on_mark(struct lsps *lsps, uint32_t number, uint32_t request_id)
{
    if (request_id != TEMPLATES_MARK_ID || lsps->sessions == NULL)
        return false;
    struct lsps_session *session = &lsps->sessions[number];
    if (session->stage == LSPS_MARKED) {
        session->stage = LSPS_SYNCHRONISED;
        counter_set(&lsps->given->counters->last_mark_ns, lsps->given->now->ns);
        counter_add(&lsps->given->counters->synchronised, 1);
    }
    return true;
}

/* ---- answers ---- */

uint8_t *lsps_reserve_answer(struct lsps_session *session, uint32_t size)
{
    struct lsps_answers *answers = session->answers;
    uint32_t held = answers == NULL ? 0 : answers->size;
    if (held + size > LSPS_ANSWERS_MAX)
        return NULL;
    if (answers == NULL || answers->room < held + size) {
        uint32_t room = ANSWERS_ROOM_MIN;
        while (room < held + size)
            room *= 2;
        bool is_new = answers == NULL;
        answers = realloc(answers, sizeof *answers + room);
        CHECK(answers != NULL);
        if (is_new)
            answers->at = 0;
        answers->room = room;
    }
    answers->size = held + size;
    session->answers = answers;
    return answers->octets + held;
}

/* Whole messages only: a Keepalive may come between two sends. */
static size_t lsps_put_answers(struct lsps_session *session, uint8_t *to, size_t room)
{
    struct lsps_answers *answers = session->answers;
    size_t size = 0;
    while (answers->at < answers->size) {
        const uint8_t *message = answers->octets + answers->at;
        uint32_t wanted = received_size(message, answers->size - answers->at);
        if (wanted > room - size)
            return size;
        memcpy(to + size, message, wanted);
        size += wanted;
        answers->at += wanted;
    }
    free(answers);
    session->answers = NULL;
    return size;
}

size_t lsps_put(struct lsps *lsps, uint32_t number, uint8_t *to, size_t room)
{
    if (!lsps_has_more(lsps, number))
        return 0;
    struct lsps_session *session = &lsps->sessions[number];
    size_t size = 0;
    if (lsps_session_reports(session))
        size = lsps_put_reports(lsps, number, to, room);
    if (!lsps_session_reports(session) && session->answers != NULL)
        size += lsps_put_answers(session, to + size, room - size);
    return size;
}
