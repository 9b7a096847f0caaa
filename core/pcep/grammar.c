#include "core/pcep/grammar.h"

#include "core/base/check.h"
#include "core/pcep/grammar_place.h"
#include "core/pcep/plain.h"

/* Sections of a message, each from an object of its first class (RP, SRP or LSP …); they are
 * counted first, so that the list is one array of the arena. */

static bool is_object(const struct pcep_object *object, enum pcep_object_id id)
{
    return object->row != NULL && object->row->id == id;
}

/* A second object is skipped (RFC 5440 6.4: the first stands). */
static void take_one(const struct pcep_optional **place, const struct pcep_object *object)
{
    if (*place == NULL)
        *place = pcep_optional_of(object);
}

static void grammar_take_metric(const struct pcep_object **metrics, uint32_t *count,
                                const struct pcep_object *object, struct fault_place *place)
{
    if (*count == PCEP_REQUEST_METRICS_MAX)
        grammar_refuse(place, PCEP_ERROR_MALFORMED_OBJECT, object->offset,
                       "too many METRIC objects");
    else
        metrics[(*count)++] = object;
}

/* ---- lists of objects ---- */

static bool grammar_is_association(const struct pcep_object *object)
{
    return is_object(object, PCEP_OBJECT_ASSOCIATION_V4) ||
           is_object(object, PCEP_OBJECT_ASSOCIATION_V6);
}

static bool is_svec(const struct pcep_object *object)
{
    return is_object(object, PCEP_OBJECT_SVEC);
}

/* Pointers to those objects of a run that a predicate takes and that carry no fault. */
static enum pce_status grammar_collect(struct grammar_run run,
                                       bool (*is_wanted)(const struct pcep_object *),
                                       struct arena *arena, const struct pcep_object *const **list,
                                       uint32_t *count)
{
    uint32_t found = 0;
    *list = NULL;
    *count = 0;
    for (const struct pcep_object *object = run.first; object < run.end; object++)
        found += is_wanted(object) && object->fault == NULL;
    if (found == 0)
        return PCE_OK;
    const struct pcep_object **pointers = ARENA_ARRAY(arena, const struct pcep_object *, found);
    if (pointers == NULL)
        return PCE_LIMIT;
    for (const struct pcep_object *object = run.first; object < run.end; object++) {
        if (is_wanted(object) && object->fault == NULL)
            pointers[(*count)++] = object;
    }
    *list = pointers;
    return PCE_OK;
}

static uint32_t count_starts(struct grammar_run run, enum pcep_object_id id)
{
    uint32_t count = 0;
    for (const struct pcep_object *object = run.first; object < run.end; object++)
        count += is_object(object, id);
    return count;
}

static const struct pcep_object *skip_to(struct grammar_run run, enum pcep_object_id id)
{
    const struct pcep_object *object = run.first;
    while (object < run.end && !is_object(object, id))
        object++;
    return object;
}

/* From a first object to the one before the next of the same id. */
static struct grammar_run section_of(const struct grammar_run *run, const struct pcep_object *first,
                                     enum pcep_object_id id)
{
    const struct grammar_run rest = {run->message, first + 1, run->end};
    return (struct grammar_run){run->message, first, skip_to(rest, id)};
}

static struct grammar_run all_objects(const struct pcep_message *message)
{
    const struct pcep_object *first = message->objects;
    return (struct grammar_run){message, first,
                                first == NULL ? NULL : first + message->object_count};
}

/* What each section of a message is checked against. */
struct section_rules {
    struct grammar grammar;
    struct grammar_demands demands; /* of the section */
    uint32_t from;                  /* rows of the section */
    uint32_t to;
    class_set classes;
};

static struct section_rules make_rules(unsigned type)
{
    struct section_rules rules = {.grammar = grammar_of(type)};
    rules.from = grammar_section(&rules.grammar);
    rules.to = grammar_behind(&rules.grammar, rules.from, &rules.classes);
    rules.demands = grammar_demands(&rules.grammar, rules.from, rules.to);
    CHECK(rules.from <= rules.to && rules.to <= rules.grammar.count);
    return rules;
}

/* They are constant: each thread reads the rows once for a type, and not for each message. */
static const struct section_rules *rules_of(unsigned type)
{
    static _Thread_local struct section_rules known[PCEP_MESSAGE_TYPE_END];
    static const struct section_rules none;
    if (type >= PCEP_MESSAGE_TYPE_END)
        return &none;
    if (known[type].grammar.rows == NULL)
        known[type] = make_rules(type);
    return &known[type];
}

/* The head of a message, in front of its first section: a fault there refuses the whole message. */
static bool grammar_check_head(struct grammar_run run, const struct section_rules *rules,
                               struct arena *arena, struct pcep_fault *fault)
{
    struct fault_place place = {.arena = arena, .heeds_p = true};
    class_set classes = grammar_classes(&rules->grammar, 0, rules->from);
    for (const struct pcep_object *object = run.first; object < run.end; object++)
        (void)grammar_accept(object, classes, &place);
    if (place.count == 0)
        return true;
    *fault = place.faults[0];
    fault->scope = PCEP_FAULT_MESSAGE;
    return false;
}

/* No section at all: a fault of an object explains it best, else what a section must begin with. */
static enum pce_status refuse_message(struct grammar_run run, const struct section_rules *rules,
                                      struct pcep_fault *fault)
{
    for (const struct pcep_object *object = run.first; object < run.end; object++) {
        if (object->fault != NULL) {
            *fault = *object->fault;
            return PCE_INVALID;
        }
    }
    uint32_t at = rules->from;
    while (at < rules->to && rules->grammar.rows[at].missing == NULL)
        at++;
    *fault = (struct pcep_fault){.scope = PCEP_FAULT_NONE};
    if (at == rules->to) {
        pcep_fault_set(fault, PCEP_FAULT_MESSAGE, PCEP_ERROR_NONE, 0,
                       "message of a type without sections");
        return PCE_INVALID;
    }
    const struct grammar_row *row = &rules->grammar.rows[at];
    pcep_fault_set(fault, PCEP_FAULT_MESSAGE, row->error, 0, row->missing);
    return PCE_INVALID;
}

/* ---- requests ---- */

static void take_request_object(struct pcep_request *request, const struct pcep_object *object,
                                struct fault_place *place)
{
    switch (object->row->id) {
    case PCEP_OBJECT_END_POINTS_V4:
    case PCEP_OBJECT_END_POINTS_V6:
        take_one(&request->end_points, object);
        break;
    case PCEP_OBJECT_LSP:
        take_one(&request->lsp, object);
        break;
    case PCEP_OBJECT_LSPA:
        take_one(&request->lspa, object);
        break;
    case PCEP_OBJECT_BANDWIDTH:
        take_one(&request->bandwidth, object);
        break;
    case PCEP_OBJECT_BANDWIDTH_EXISTING:
        take_one(&request->existing_bandwidth, object);
        break;
    case PCEP_OBJECT_METRIC:
        grammar_take_metric(request->metrics, &request->metric_count, object, place);
        break;
    case PCEP_OBJECT_OF:
        take_one(&request->of, object);
        break;
    case PCEP_OBJECT_RRO:
        take_one(&request->rro, object);
        break;
    case PCEP_OBJECT_IRO:
        take_one(&request->iro, object);
        break;
    case PCEP_OBJECT_XRO:
        take_one(&request->xro, object);
        break;
    case PCEP_OBJECT_LOAD_BALANCING:
        take_one(&request->load_balancing, object);
        break;
    default: /* associations are collected; the rest has no place in the view */
        break;
    }
}

static bool has_bandwidth(const struct pcep_optional *bandwidth)
{
    const struct pcep_object *object;
    return pcep_get(bandwidth, &object) &&
           ((const struct pcep_bandwidth *)object->body)->bandwidth > 0;
}

/* Of the LSP that is to be moved: what it has now decides; where that is not told, what is asked. */
static bool is_bandwidth_moved(const struct pcep_request *request)
{
    return has_bandwidth(request->existing_bandwidth != NULL ? request->existing_bandwidth
                                                             : request->bandwidth);
}

/* RFC 5440 7.4.2: a reoptimization tells the path that there is, unless its LSP has no bandwidth;
 * one of ours to see (RFC 8231 6.4: the LSP object) needs none either. */
static void check_reoptimization(const struct pcep_request *request, struct fault_place *place)
{
    const struct pcep_rp *rp = request->rp->body;
    if ((rp->flags & PCEP_RP_R) != 0 && request->rro == NULL && request->lsp == NULL &&
        is_bandwidth_moved(request))
        grammar_refuse(place, PCEP_ERROR_RRO_MISSING, request->rp->offset,
                       "RRO missing in a reoptimization");
}

/* What a section's place begins with, and what it ends with. */
static struct fault_place begin_section(struct arena *arena, uint8_t id_kind, uint32_t id)
{
    return (struct fault_place){
        .arena = arena, .heeds_p = id_kind == PCEP_ID_REQUEST, .id_kind = id_kind, .id = id};
}

/* Returns the classes that are present. */
static class_set check_section(const struct section_rules *rules, const struct grammar_run *run,
                               struct fault_place *place)
{
    const class_set present = grammar_present(run);
    grammar_check_required(&rules->demands, run, present, place);
    grammar_check_values(run, present, place);
    return present;
}

static struct pcep_fault first_fault(const struct fault_place *place)
{
    return place->count > 0 ? place->faults[0] : (struct pcep_fault){.scope = PCEP_FAULT_NONE};
}

static enum pce_status parse_request(const struct grammar_run *run,
                                     const struct section_rules *rules, struct arena *arena,
                                     struct pcep_request *request)
{
    const struct pcep_rp *rp = run->first->body;
    *request = (struct pcep_request){.rp = run->first};
    struct fault_place place = begin_section(arena, PCEP_ID_REQUEST, rp->request_id);
    for (const struct pcep_object *object = run->first; object < run->end; object++) {
        if (grammar_accept(object, rules->classes, &place))
            take_request_object(request, object, &place);
    }
    (void)check_section(rules, run, &place);
    check_reoptimization(request, &place);
    request->faults = place.faults;
    request->fault_count = place.count;
    request->fault = first_fault(&place);
    if (place.is_full)
        return PCE_LIMIT;
    return grammar_collect(*run, grammar_is_association, arena, &request->associations,
                           &request->association_count);
}

/* PCReq, and PCMonReq, whose requests are the same. */
static enum pce_status parse_requests(struct grammar_run run, struct arena *arena,
                                      struct pcep_request_list *list, struct pcep_fault *fault)
{
    const struct section_rules *rules = rules_of(run.message->type);
    const struct pcep_object *first = skip_to(run, PCEP_OBJECT_RP);
    if (first == run.end)
        return refuse_message(run, rules, fault);
    struct grammar_run head = {run.message, run.first, first};
    if (!grammar_check_head(head, rules, arena, fault))
        return PCE_INVALID;
    uint32_t count = count_starts(run, PCEP_OBJECT_RP);
    list->requests = ARENA_ARRAY(arena, struct pcep_request, count);
    if (list->requests == NULL ||
        grammar_collect(head, is_svec, arena, &list->svecs, &list->svec_count) != PCE_OK)
        return PCE_LIMIT;
    while (first < run.end) {
        struct grammar_run section = section_of(&run, first, PCEP_OBJECT_RP);
        if (parse_request(&section, rules, arena, &list->requests[list->request_count]) != PCE_OK)
            return PCE_LIMIT;
        list->request_count++;
        first = section.end;
    }
    return PCE_OK;
}

enum pce_status pcep_parse_requests(const struct pcep_message *message, struct arena *arena,
                                    struct pcep_request_list *list, struct pcep_fault *fault)
{
    *list = (struct pcep_request_list){.requests = NULL};
    return parse_requests(all_objects(message), arena, list, fault);
}

/* ---- LSP states: reports, updates, initiations ---- */

/* RFC 8231 6.1: METRICs between the intended path and the actual one (the RRO) are those of the
 * actual one. */
static void take_actual(struct pcep_lsp_state *state, const struct pcep_object *rro)
{
    if (state->rro != NULL)
        return;
    state->rro = pcep_optional_of(rro);
    if (state->ero == NULL)
        return;
    memcpy(state->actual_metrics, state->metrics, state->metric_count * sizeof(void *));
    state->actual_metric_count = state->metric_count;
    state->metric_count = 0;
}

static void take_state_object(struct pcep_lsp_state *state, const struct pcep_object *object,
                              struct fault_place *place)
{
    switch (object->row->id) {
    case PCEP_OBJECT_SRP:
        take_one(&state->srp, object);
        break;
    case PCEP_OBJECT_LSP:
        take_one(&state->lsp, object);
        break;
    case PCEP_OBJECT_END_POINTS_V4:
    case PCEP_OBJECT_END_POINTS_V6:
        take_one(&state->end_points, object);
        break;
    case PCEP_OBJECT_ERO:
        take_one(&state->ero, object);
        break;
    case PCEP_OBJECT_CCI:
    case PCEP_OBJECT_CCI_NATIVE_IP:
        take_one(&state->cci, object);
        break;
    case PCEP_OBJECT_RRO:
        take_actual(state, object);
        break;
    case PCEP_OBJECT_BANDWIDTH:
        take_one(&state->bandwidth, object);
        break;
    case PCEP_OBJECT_BANDWIDTH_EXISTING:
        take_one(&state->actual_bandwidth, object);
        break;
    case PCEP_OBJECT_LSPA:
        take_one(&state->lspa, object);
        break;
    case PCEP_OBJECT_METRIC:
        grammar_take_metric(state->metrics, &state->metric_count, object, place);
        break;
    default:
        break;
    }
}

/* A state begins at its SRP, or at its LSP where it has none. */
static const struct pcep_object *state_end(const struct pcep_object *first,
                                           const struct pcep_object *end)
{
    CHECK(first < end);
    bool has_lsp = is_object(first, PCEP_OBJECT_LSP);
    for (const struct pcep_object *object = first + 1; object < end; object++) {
        if (is_object(object, PCEP_OBJECT_SRP) || (has_lsp && is_object(object, PCEP_OBJECT_LSP)))
            return object;
        has_lsp |= is_object(object, PCEP_OBJECT_LSP);
    }
    return end;
}

static void take_setup_type(struct pcep_lsp_state *state, const struct pcep_object *srp)
{
    const struct pcep_path_setup_type *tlv = pcep_find_tlv(srp, PCEP_TLV_PATH_SETUP_TYPE);
    state->setup_type = tlv == NULL ? PCEP_PST_RSVP_TE : tlv->pst;
}

static enum pce_status grammar_parse_state(const struct grammar_run *run,
                                           const struct section_rules *rules, struct arena *arena,
                                           struct pcep_lsp_state *state)
{
    memset(state, 0, offsetof(struct pcep_lsp_state, metrics)); /* these are counted */
    state->end = run->end;
    struct fault_place place = begin_section(arena, PCEP_ID_NONE, 0);
    if (is_object(run->first, PCEP_OBJECT_SRP)) {
        place.id_kind = PCEP_ID_SRP;
        place.id = ((const struct pcep_srp *)run->first->body)->srp_id;
        take_setup_type(state, run->first);
    }
    for (const struct pcep_object *object = run->first; object < run->end; object++) {
        if (grammar_accept(object, rules->classes, &place))
            take_state_object(state, object, &place);
    }
    const class_set present = check_section(rules, run, &place);
    state->faults = place.faults;
    state->fault_count = place.count;
    state->fault = first_fault(&place);
    if (place.is_full)
        return PCE_LIMIT;
    if ((present >> PCEP_CLASS_ASSOCIATION & 1) == 0)
        return PCE_OK;
    return grammar_collect(*run, grammar_is_association, arena, &state->associations,
                           &state->association_count);
}

enum pce_status pcep_parse_lsp_states(const struct pcep_message *message, struct arena *arena,
                                      struct pcep_lsp_state_list *list, struct pcep_fault *fault)
{
    struct grammar_run run = all_objects(message);
    const struct section_rules *rules = rules_of(message->type);
    *list = (struct pcep_lsp_state_list){.states = NULL};
    if (message->is_plain)
        return pcep_plain_parse(message, arena, list);
    if (run.first == run.end)
        return refuse_message(run, rules, fault);
    /* One report a message is the common case: its end is looked for once. */
    const struct pcep_object *end = state_end(run.first, run.end);
    uint32_t count = 1;
    for (const struct pcep_object *at = end; at < run.end; at = state_end(at, run.end))
        count++;
    list->states = arena_alloc(arena, count * sizeof *list->states); /* each is assigned */
    if (list->states == NULL)
        return PCE_LIMIT;
    for (const struct pcep_object *at = run.first; at < run.end; at = end) {
        if (at != run.first)
            end = state_end(at, run.end);
        struct grammar_run section = {message, at, end};
        if (grammar_parse_state(&section, rules, arena, &list->states[list->state_count]) != PCE_OK)
            return PCE_LIMIT;
        list->state_count++;
    }
    return PCE_OK;
}

/* ---- responses ---- */

static void take_response_object(struct pcep_response *response, const struct pcep_object *object,
                                 struct fault_place *place)
{
    switch (object->row->id) {
    case PCEP_OBJECT_NO_PATH:
        take_one(&response->no_path, object);
        break;
    case PCEP_OBJECT_ERO:
        take_one(&response->ero, object);
        break;
    case PCEP_OBJECT_LSPA:
        take_one(&response->lspa, object);
        break;
    case PCEP_OBJECT_BANDWIDTH:
        take_one(&response->bandwidth, object);
        break;
    case PCEP_OBJECT_METRIC:
        grammar_take_metric(response->metrics, &response->metric_count, object, place);
        break;
    default:
        break;
    }
}

static bool parse_response(const struct grammar_run *run, const struct section_rules *rules,
                           struct arena *arena, struct pcep_response *response)
{
    const struct pcep_rp *rp = run->first->body;
    *response = (struct pcep_response){.rp = run->first};
    struct fault_place place = begin_section(arena, PCEP_ID_REQUEST, rp->request_id);
    place.heeds_p = false;
    for (const struct pcep_object *object = run->first; object < run->end; object++) {
        if (grammar_accept(object, rules->classes, &place))
            take_response_object(response, object, &place);
    }
    (void)check_section(rules, run, &place);
    response->faults = place.faults;
    response->fault_count = place.count;
    response->fault = first_fault(&place);
    return !place.is_full;
}

enum pce_status pcep_parse_responses(const struct pcep_message *message, struct arena *arena,
                                     struct pcep_response_list *list, struct pcep_fault *fault)
{
    struct grammar_run run = all_objects(message);
    const struct section_rules *rules = rules_of(message->type);
    *list = (struct pcep_response_list){.responses = NULL};
    const struct pcep_object *first = skip_to(run, PCEP_OBJECT_RP);
    if (first == run.end)
        return refuse_message(run, rules, fault);
    list->responses = ARENA_ARRAY(arena, struct pcep_response, count_starts(run, PCEP_OBJECT_RP));
    if (list->responses == NULL)
        return PCE_LIMIT;
    while (first < run.end) {
        struct grammar_run section = section_of(&run, first, PCEP_OBJECT_RP);
        if (!parse_response(&section, rules, arena, &list->responses[list->response_count]))
            return PCE_LIMIT;
        list->response_count++;
        first = section.end;
    }
    return PCE_OK;
}

/* ---- the whole message ---- */

/* A message without sections, or the part in front of them. */
static enum pce_status check_whole(const struct grammar_run *run, struct arena *arena,
                                   struct pcep_fault *fault)
{
    const struct section_rules *rules = rules_of(run->message->type);
    const struct grammar_demands demands = grammar_demands(&rules->grammar, 0, rules->from);
    struct fault_place place = {.arena = arena};
    for (const struct pcep_object *object = run->first; object < run->end; object++)
        (void)grammar_accept(object, ~(class_set)0, &place);
    grammar_check_required(&demands, run, grammar_present(run), &place);
    if (run->message->type == PCEP_MESSAGE_OPEN)
        grammar_check_open(run, &place);
    *fault = first_fault(&place);
    if (pcep_fault_is_set(fault))
        fault->scope = PCEP_FAULT_MESSAGE;
    return place.is_full ? PCE_LIMIT : PCE_OK;
}

static enum pce_status check_requests(const struct grammar_run *run, struct arena *arena,
                                      struct pcep_fault *fault)
{
    struct pcep_request_list list = {.requests = NULL};
    enum pce_status status = parse_requests(*run, arena, &list, fault);
    for (uint32_t i = 0; i < list.request_count && !pcep_fault_is_set(fault); i++)
        *fault = list.requests[i].fault;
    return status;
}

static enum pce_status check_states(const struct grammar_run *run, struct arena *arena,
                                    struct pcep_fault *fault)
{
    struct pcep_lsp_state_list list;
    enum pce_status status = pcep_parse_lsp_states(run->message, arena, &list, fault);
    for (uint32_t i = 0; i < list.state_count && !pcep_fault_is_set(fault); i++)
        *fault = list.states[i].fault;
    return status;
}

static enum pce_status check_responses(const struct grammar_run *run, struct arena *arena,
                                       struct pcep_fault *fault)
{
    struct pcep_response_list list;
    enum pce_status status = pcep_parse_responses(run->message, arena, &list, fault);
    for (uint32_t i = 0; i < list.response_count && !pcep_fault_is_set(fault); i++)
        *fault = list.responses[i].fault;
    return status;
}

enum pce_status pcep_check_received(const struct pcep_message *message, struct arena *arena,
                                    struct pcep_fault *fault)
{
    struct grammar_run run = all_objects(message);
    enum pce_status status = PCE_OK;
    *fault = (struct pcep_fault){.scope = PCEP_FAULT_NONE};
    if (message->row == NULL) {
        pcep_fault_set(fault, PCEP_FAULT_MESSAGE, PCEP_ERROR_CAPABILITY_NOT_SUPPORTED, 1,
                       "unknown message type");
        return PCE_OK;
    }
    switch (message->type) {
    case PCEP_MESSAGE_PCREQ:
        status = check_requests(&run, arena, fault);
        break;
    case PCEP_MESSAGE_PCREP:
        status = check_responses(&run, arena, fault);
        break;
    case PCEP_MESSAGE_PCRPT:
    case PCEP_MESSAGE_PCUPD:
    case PCEP_MESSAGE_PCINITIATE:
        status = check_states(&run, arena, fault);
        break;
    default:
        status = check_whole(&run, arena, fault);
        if (message->type == PCEP_MESSAGE_PCMONREQ && status == PCE_OK &&
            !pcep_fault_is_set(fault) && skip_to(run, PCEP_OBJECT_RP) < run.end)
            status = check_requests(&run, arena, fault);
        break;
    }
    if (!pcep_fault_is_set(fault))
        grammar_check_ranges(&run, fault);
    return status == PCE_LIMIT ? PCE_LIMIT : PCE_OK;
}
