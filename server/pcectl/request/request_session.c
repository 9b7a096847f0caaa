/* The PCC of pcectl request: one blocking connection, a session with a plain Open, and requests of
 * which a given number is out at a time. The request number of pair i is i + 1. */
#include "core/pcep/error.h"
#include "server/pcectl/request/request.h"

#include "core/pcep/frame.h"
#include "core/requests/metric.h"
#include "core/requests/unmet.h"
#include "io/os/clock.h"
#include "server/pcectl/request/request_source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ARENA_SIZE_MAX ((size_t)16 << 20)

struct pcc {
    struct request_plan *plan;
    struct client client;
    struct frame frame;
    struct arena arena;
    uint32_t asked;    /* pairs that were sent */
    uint32_t answered; /* … and answered, or given up */
    bool has_open;     /* the PCE's Open came */
    bool has_keepalive;
    bool is_over; /* the PCE closed */
    uint8_t error_type, error_value;
    struct failure failure; /* of the last attempt to open the session */
    uint8_t octets[65536];
};

static struct mono deadline_of(const struct pcc *pcc)
{
    return mono_add_ms(clock_now(), pcc->plan->timeout_ms);
}

static bool send_written(struct pcc *pcc, const struct wire_writer *writer)
{
    return !writer->failed && client_send(&pcc->client, writer->start, wire_written(writer),
                                          deadline_of(pcc)) == PCE_OK;
}

static bool request_send_keepalive(struct pcc *pcc)
{
    uint8_t octets[PCEP_HEADER_SIZE];
    struct wire_writer writer = wire_writer_init(octets, sizeof octets);
    size_t message = pcep_message_open(&writer, PCEP_MESSAGE_KEEPALIVE);
    pcep_message_close(&writer, message);
    return send_written(pcc, &writer);
}

static void send_close(struct pcc *pcc)
{
    uint8_t octets[PCEP_HEADER_SIZE + 8];
    const struct pcep_close body = {.reason = PCEP_CLOSE_NO_EXPLANATION};
    struct wire_writer writer = wire_writer_init(octets, sizeof octets);
    size_t message = pcep_message_open(&writer, PCEP_MESSAGE_CLOSE);
    pcep_object_put(&writer, PCEP_OBJECT_CLOSE, 0, &body);
    pcep_message_close(&writer, message);
    (void)send_written(pcc, &writer);
}

static bool send_open(struct pcc *pcc)
{
    uint8_t octets[REQUEST_SIZE];
    struct wire_writer writer = wire_writer_init(octets, sizeof octets);
    return request_write_open(pcc->plan, &writer) && send_written(pcc, &writer);
}

static bool send_request(struct pcc *pcc, uint32_t index)
{
    uint8_t octets[REQUEST_SIZE];
    struct wire_writer writer = wire_writer_init(octets, sizeof octets);
    request_write_request(pcc->plan, index, &writer);
    pcc->plan->answers[index].asked_ns = clock_now().ns;
    return send_written(pcc, &writer);
}

/* ---- answers ---- */

/* The answer that awaits this request number; NULL for one that was not asked, or answered already.
 */
static struct request_answer *find_answer(struct pcc *pcc, uint32_t request_id)
{
    if (request_id == 0 || request_id > pcc->asked)
        return NULL;
    struct request_answer *answer = &pcc->plan->answers[request_id - 1];
    return answer->outcome == REQUEST_WAITING ? answer : NULL;
}

static void request_settle(struct pcc *pcc, struct request_answer *answer,
                           enum request_outcome outcome)
{
    answer->outcome = outcome;
    answer->latency_ns = clock_now().ns - answer->asked_ns;
    pcc->answered++;
}

static struct request_hop request_hop_of(const struct pcep_subobject *subobject)
{
    struct request_hop hop = {.kind = subobject->row == NULL ? PCEP_SUBOBJECT_COUNT
                                                             : subobject->row->id};
    if (hop.kind == PCEP_SUBOBJECT_SR) {
        const struct pcep_sub_sr *sr = subobject->body;
        hop.has_label = (sr->flags & PCEP_SR_S) == 0;
        hop.label = (sr->flags & PCEP_SR_M) != 0 ? sr->sid >> 12 : sr->sid;
        hop.local = sr->local;
        hop.remote = sr->remote;
    } else if (hop.kind == PCEP_SUBOBJECT_SRV6) {
        const struct pcep_sub_srv6 *srv6 = subobject->body;
        hop.sid = srv6->sid;
        hop.local = srv6->local;
        hop.remote = srv6->remote;
    } else if (hop.kind == PCEP_SUBOBJECT_IPV4_PREFIX || hop.kind == PCEP_SUBOBJECT_IPV6_PREFIX) {
        hop.local = ((const struct pcep_sub_prefix *)subobject->body)->prefix;
    } else if (hop.kind == PCEP_SUBOBJECT_UNNUMBERED) {
        const struct pcep_sub_unnumbered *unnumbered = subobject->body;
        hop.local = unnumbered->router_id;
        hop.interface_id = unnumbered->interface_id;
    }
    return hop;
}

static void take_metrics(struct request_answer *answer, const struct pcep_response *response)
{
    for (uint32_t i = 0; i < response->metric_count && i < REQUEST_METRICS_MAX; i++)
        answer->metrics[answer->metric_count++] =
            *(const struct pcep_metric *)response->metrics[i]->body;
}

/* A PCE that does not set the flag C may repeat objects of the request all the same. */
static void take_no_path(struct request_answer *answer, const struct pcep_response *response,
                         const struct pcep_object *no_path)
{
    const struct pcep_no_path_vector *vector = pcep_find_tlv(no_path, PCEP_TLV_NO_PATH_VECTOR);
    const struct pcep_no_path *body = no_path->body;
    answer->reasons = vector == NULL ? 0 : vector->flags;
    if ((body->flags & PCEP_NO_PATH_C) == 0)
        return;
    if (response->bandwidth != NULL)
        answer->unmet |= UNMET_BIT(UNMET_BANDWIDTH);
    if (response->lspa != NULL) /* no protection is asked for here */
        answer->unmet |= UNMET_BIT(UNMET_AFFINITIES);
    take_metrics(answer, response);
    for (uint32_t i = 0; i < answer->metric_count; i++) {
        enum path_metric metric = metric_of_type(answer->metrics[i].type);
        if (metric != PATH_METRIC_COUNT)
            answer->unmet |= (uint16_t)UNMET_BIT(UNMET_BOUND + metric);
    }
}

static void request_take_path(struct request_answer *answer, const struct pcep_response *response)
{
    struct pcep_subobjects ero = pcep_subobjects_of(response->ero);
    uint32_t count = ero.count < REQUEST_HOPS_MAX ? ero.count : REQUEST_HOPS_MAX;
    if (count > 0)
        answer->hops = calloc(count, sizeof *answer->hops);
    if (answer->hops != NULL) {
        for (uint32_t i = 0; i < count; i++)
            answer->hops[i] = request_hop_of(&ero.at[i]);
        answer->hop_count = count;
    }
    take_metrics(answer, response);
}

static void take_response(struct pcc *pcc, const struct pcep_response *response)
{
    const struct pcep_rp *rp = response->rp->body;
    struct request_answer *answer = find_answer(pcc, rp->request_id);
    if (answer == NULL)
        return;
    const struct pcep_object *no_path;
    bool has_path = !pcep_get(response->no_path, &no_path);
    if (has_path && response->ero == NULL) {
        request_settle(pcc, answer, REQUEST_BAD);
        return;
    }
    if (has_path) {
        request_take_path(answer, response);
        request_settle(pcc, answer, REQUEST_PATH);
        return;
    }
    take_no_path(answer, response, no_path);
    request_settle(pcc, answer, REQUEST_NO_PATH);
}

static void request_take_reply(struct pcc *pcc, const struct pcep_message *message)
{
    struct pcep_response_list list;
    struct pcep_fault fault = {.scope = PCEP_FAULT_NONE};
    if (pcep_parse_responses(message, &pcc->arena, &list, &fault) != PCE_OK)
        return;
    for (uint32_t i = 0; i < list.response_count; i++)
        take_response(pcc, &list.responses[i]);
}

/* The requests whose RPs stand before a PCEP-ERROR are refused by it; one without RP is about the
 * session. */
static void take_error(struct pcc *pcc, const struct pcep_message *message)
{
    const struct pcep_error *error = NULL;
    for (uint32_t i = 0; i < message->object_count; i++) {
        const struct pcep_object *object = &message->objects[i];
        if (object->row != NULL && object->row->id == PCEP_OBJECT_PCEP_ERROR)
            error = object->body;
    }
    if (error == NULL)
        return;
    pcc->error_type = error->type;
    pcc->error_value = error->value;
    for (uint32_t i = 0; i < message->object_count; i++) {
        const struct pcep_object *object = &message->objects[i];
        if (object->row == NULL || object->row->id != PCEP_OBJECT_RP)
            continue;
        struct request_answer *answer =
            find_answer(pcc, ((const struct pcep_rp *)object->body)->request_id);
        if (answer == NULL)
            continue;
        answer->error_type = error->type;
        answer->error_value = error->value;
        request_settle(pcc, answer, REQUEST_ERROR);
    }
}

static void take_message(struct pcc *pcc, struct frame_message framed)
{
    struct pcep_message message;
    struct pcep_fault fault = {.scope = PCEP_FAULT_NONE};
    if (pcep_decode_framed(framed, &pcc->arena, &message, &fault) != PCE_OK) {
        (void)!failure_set(&pcc->failure, PCE_INVALID, "the PCE sent a malformed message: %s",
                           fault.reason == NULL ? "" : fault.reason);
        pcc->is_over = true;
        return;
    }
    switch (message.type) {
    case PCEP_MESSAGE_OPEN:
        pcc->has_open = true;
        pcc->is_over = !request_send_keepalive(pcc);
        break;
    case PCEP_MESSAGE_KEEPALIVE:
        pcc->has_keepalive = true;
        break;
    case PCEP_MESSAGE_PCREP:
        request_take_reply(pcc, &message);
        break;
    case PCEP_MESSAGE_PCERR:
        take_error(pcc, &message);
        break;
    case PCEP_MESSAGE_CLOSE:
        pcc->is_over = true;
        break;
    default:
        break;
    }
}

/* Takes what comes next. PCE_OK, or why nothing came: PCE_TIMEOUT, PCE_CLOSED, PCE_RESET, PCE_IO.
 */
static enum pce_status request_receive(struct pcc *pcc, struct mono deadline)
{
    size_t size;
    struct pcep_fault fault = {.scope = PCEP_FAULT_NONE};
    enum pce_status status =
        client_receive(&pcc->client, pcc->octets, sizeof pcc->octets, &size, deadline);
    struct wire_span octets = {pcc->octets, size};
    struct frame_message message;
    if (status != PCE_OK)
        return status;
    while (!pcc->is_over) {
        status = frame_next(&pcc->frame, &octets, &message, &fault);
        if (status == PCE_AGAIN)
            return PCE_OK;
        if (status != PCE_OK)
            return status;
        take_message(pcc, message);
        arena_reset(&pcc->arena);
    }
    return PCE_CLOSED;
}

/* ---- the run ---- */

/* What the last attempt has left. */
static void reset_session(struct pcc *pcc)
{
    client_close(&pcc->client);
    frame_fini(&pcc->frame);
    frame_init(&pcc->frame, PCEP_MESSAGE_SIZE_MAX);
    arena_reset(&pcc->arena);
    pcc->has_open = false;
    pcc->has_keepalive = false;
    pcc->is_over = false;
    pcc->error_type = 0;
    pcc->error_value = 0;
    pcc->failure.text[0] = '\0';
}

/* PCE_OK: the session is up. The failure says what went wrong where that is not only a status. */
static enum pce_status try_session(struct pcc *pcc)
{
    struct mono deadline = pcc->plan->server.deadline;
    enum pce_status status = client_connect(&pcc->client, &pcc->plan->server, &pcc->failure);
    /* Where the PCE has ended the connection before our Open, what it said is still there to read.
     */
    if (status == PCE_OK && !send_open(pcc))
        status = request_receive(pcc, deadline);
    while (status == PCE_OK && !(pcc->has_open && pcc->has_keepalive) && pcc->error_type == 0)
        status = request_receive(pcc, deadline);
    if (pcc->error_type == 0)
        return status;
    return failure_set(&pcc->failure, PCE_DENIED, "the PCE refused the session: PCErr %u/%u %s: %s",
                       pcc->error_type, pcc->error_value, pcep_error_type_text(pcc->error_type),
                       pcep_error_text(pcc->error_type, pcc->error_value));
}

/* Where the deadline comes first half of what is left is waited. False when that is next to
 * nothing. */
static bool wait_until_next(struct mono deadline, uint32_t pause_ms)
{
    uint64_t left_ms = mono_since_ns(deadline, clock_now()) / MONO_NS_PER_MS;
    if (pause_ms >= left_ms)
        pause_ms = (uint32_t)left_ms / 2;
    if (left_ms < REQUEST_PAUSE_MIN_MS)
        return false;
    const struct timespec pause = {.tv_sec = pause_ms / 1000,
                                   .tv_nsec = (long)(pause_ms % 1000) * 1000000};
    (void)nanosleep(&pause, NULL);
    return true;
}

static void tell_failure(struct pcc *pcc, const struct request_sources *sources,
                         enum pce_status status)
{
    if (sources->is_second)
        request_sources_explain(sources, pcc->plan, pcc->failure.text, sizeof pcc->failure.text);
    else if (pcc->failure.text[0] == '\0')
        (void)!failure_set(&pcc->failure, status, "no session: %s", pce_status_text(status));
    request_show_failure(pcc->plan, pcc->failure.text,
                         sources->is_second ? pcep_error_type(PCEP_ERROR_SECOND_SESSION)
                                            : pcc->error_type,
                         pcc->error_value);
}

static bool open_session(struct pcc *pcc)
{
    struct client_options *server = &pcc->plan->server;
    struct request_sources sources;
    uint32_t pause_ms;
    server->deadline = deadline_of(pcc);
    request_sources_init(&sources, &server->from, (uint32_t)getpid());
    for (;;) {
        enum pce_status status = try_session(pcc);
        if (status == PCE_OK)
            return true;
        const struct request_attempt attempt = {
            .status = status, .error_type = pcc->error_type, .has_open = pcc->has_open};
        struct ip from;
        if (!request_sources_next(&sources, server, &attempt, &from, &pause_ms) ||
            !wait_until_next(server->deadline, pause_ms)) {
            tell_failure(pcc, &sources, status);
            return false;
        }
        server->from = from;
        reset_session(pcc);
    }
}

/* Requests that wait longer than the timeout are given up. */
static void request_give_up(struct pcc *pcc, enum request_outcome outcome)
{
    for (uint32_t i = 0; i < pcc->plan->pair_count; i++) {
        if (pcc->plan->answers[i].outcome == REQUEST_WAITING)
            pcc->plan->answers[i].outcome = outcome;
    }
}

static void ask_all(struct pcc *pcc)
{
    const struct request_plan *plan = pcc->plan;
    enum pce_status status = PCE_OK;
    uint32_t answered = pcc->answered;
    struct mono deadline = deadline_of(pcc);
    while (status == PCE_OK && pcc->answered < plan->pair_count) {
        while (pcc->asked < plan->pair_count && pcc->asked - pcc->answered < plan->parallel) {
            /* It counts as asked first: its answer may come before the next line runs. */
            pcc->asked++;
            if (!send_request(pcc, pcc->asked - 1))
                status = PCE_IO;
        }
        if (status == PCE_OK)
            status = request_receive(pcc, deadline);
        /* Only an answer starts the time anew, whatever else the PCE has to say. */
        if (pcc->answered != answered)
            deadline = deadline_of(pcc);
        else if (status == PCE_OK && !mono_is_before(clock_now(), deadline))
            status = PCE_TIMEOUT;
        answered = pcc->answered;
    }
    if (status == PCE_TIMEOUT)
        (void)fprintf(stderr, "no answer within %u ms\n", plan->timeout_ms);
    else if (status != PCE_OK)
        (void)fprintf(stderr, "the session ended early: %s\n",
                      pcc->failure.text[0] == '\0' ? pce_status_text(status) : pcc->failure.text);
    request_give_up(pcc, status == PCE_TIMEOUT ? REQUEST_TIMEOUT : REQUEST_LOST);
}

bool request_run(struct request_plan *plan)
{
    static struct pcc pcc; /* large */
    pcc.plan = plan;
    pcc.client.descriptor = -1;
    frame_init(&pcc.frame, PCEP_MESSAGE_SIZE_MAX);
    arena_init(&pcc.arena, ARENA_SIZE_MAX);
    bool is_open = open_session(&pcc);
    if (is_open) {
        ask_all(&pcc);
        send_close(&pcc);
    }
    client_close(&pcc.client);
    arena_fini(&pcc.arena);
    frame_fini(&pcc.frame);
    return is_open;
}
