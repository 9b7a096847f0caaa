#include "core/pcep/grammar.h"

/* Sections of a message: each begins at an object of its first class (RP, SRP or LSP …). They are
 * counted first, so that the list is one array of the arena. */

/* ---- object sets ---- */

/* What a section may contain, a bit for each object id. */
typedef uint64_t object_set;
#define SET(id) (UINT64_C(1) << PCEP_OBJECT_##id)

_Static_assert(PCEP_OBJECT_COUNT <= 64, "an object set has a bit for each object");

static bool is_in(object_set set, const struct pcep_object *object)
{
    return object->row != NULL && (set >> object->row->id & 1) != 0;
}

static bool is_object(const struct pcep_object *object, enum pcep_object_id id)
{
    return object->row != NULL && object->row->id == id;
}

/* What a request may hold (RFC 5440 6.4, RFC 8231 6.4, RFC 8697 6.3). */
static const object_set request_set =
    SET(RP) | SET(END_POINTS_V4) | SET(END_POINTS_V6) | SET(LSP) | SET(LSPA) | SET(BANDWIDTH) |
    SET(BANDWIDTH_EXISTING) | SET(METRIC) | SET(OF) | SET(RRO) | SET(IRO) | SET(XRO) |
    SET(LOAD_BALANCING) | SET(ASSOCIATION_V4) | SET(ASSOCIATION_V6) | SET(VENDOR_INFORMATION) |
    SET(CLASSTYPE);
/* In front of the first request. */
static const object_set request_head_set =
    SET(SVEC) | SET(OF) | SET(METRIC) | SET(GLOBAL_CONSTRAINTS) | SET(XRO) | SET(MONITORING) |
    SET(PCC_REQ_ID_V4) | SET(PCC_REQ_ID_V6) | SET(PCE_ID_V4) | SET(PCE_ID_V6) |
    SET(VENDOR_INFORMATION);
/* RFC 8231 6.1, 6.2; RFC 8281 5.1 */
static const object_set lsp_state_set =
    SET(SRP) | SET(LSP) | SET(END_POINTS_V4) | SET(END_POINTS_V6) | SET(ERO) | SET(RRO) |
    SET(BANDWIDTH) | SET(BANDWIDTH_EXISTING) | SET(METRIC) | SET(LSPA) | SET(IRO) | SET(XRO) |
    SET(OF) | SET(ASSOCIATION_V4) | SET(ASSOCIATION_V6) | SET(VENDOR_INFORMATION) | SET(CLASSTYPE) |
    SET(PATH_ATTRIB) | SET(S2LS);
/* RFC 5440 6.5 */
static const object_set response_set =
    SET(RP) | SET(LSP) | SET(NO_PATH) | SET(ERO) | SET(LSPA) | SET(BANDWIDTH) | SET(METRIC) |
    SET(IRO) | SET(XRO) | SET(OF) | SET(ASSOCIATION_V4) | SET(ASSOCIATION_V6) | SET(MONITORING) |
    SET(PCC_REQ_ID_V4) | SET(PCC_REQ_ID_V6) | SET(PCE_ID_V4) | SET(PCE_ID_V6) | SET(PROC_TIME) |
    SET(OVERLOAD) | SET(VENDOR_INFORMATION) | SET(LOAD_BALANCING);

/* ---- faults ---- */

/* What is wrong with one section: a list in the arena, made when the first fault comes. */
struct fault_place {
    struct arena *arena;
    struct pcep_fault *faults;
    uint32_t count;
    bool is_full; /* the arena refused */
    bool heeds_p; /* the P flag means something: in requests alone */
    uint8_t id_kind;
    uint32_t id;
};

static void refuse(struct fault_place *place, uint8_t error_type, uint8_t error_value,
                   uint32_t offset, const char *reason)
{
    if (place->faults == NULL) {
        place->faults = ARENA_ARRAY(place->arena, struct pcep_fault, PCEP_SECTION_FAULTS_MAX);
        place->is_full |= place->faults == NULL;
    }
    if (place->faults == NULL || place->count == PCEP_SECTION_FAULTS_MAX)
        return;
    place->faults[place->count++] = (struct pcep_fault){
        .scope = PCEP_FAULT_REQUEST,
        .error_type = error_type,
        .error_value = error_value,
        .id_kind = place->id_kind,
        .id = place->id,
        .offset = offset,
        .reason = reason,
    };
}

/* What every object of a section is asked: is it sound, known, and expected here? Gives true when
 * it is to be taken. RFC 5440 7.2: with P set an object that is not is an error, without P it is
 * skipped. */
static bool accept(const struct pcep_object *object, object_set set, struct fault_place *place)
{
    if (object->fault != NULL) {
        refuse(place, object->fault->error_type, object->fault->error_value, object->fault->offset,
               object->fault->reason);
        return false;
    }
    if (is_in(set, object))
        return true;
    if (!place->heeds_p || (object->header_flags & PCEP_OBJECT_FLAG_P) == 0)
        return false;
    if (object->row != NULL)
        refuse(place, 4, 1, object->offset, "object is not expected here");
    else if (pcep_object_class_is_known(object->class_))
        refuse(place, 3, 2, object->offset, "unknown object type");
    else
        refuse(place, 3, 1, object->offset, "unknown object class");
    return false;
}

/* Takes an object into a place that holds one; a second one is skipped (RFC 5440 6.4: the first
 * stands). */
static void take_one(const struct pcep_object **place, const struct pcep_object *object)
{
    if (*place == NULL)
        *place = object;
}

static void take_metric(const struct pcep_object **metrics, uint32_t *count,
                        const struct pcep_object *object, struct fault_place *place)
{
    if (*count == PCEP_REQUEST_METRICS_MAX)
        refuse(place, 10, 11, object->offset, "too many METRIC objects");
    else
        metrics[(*count)++] = object;
}

/* ---- lists of objects ---- */

struct object_run {
    const struct pcep_object *first;
    const struct pcep_object *end;
};

static bool is_association(const struct pcep_object *object)
{
    return is_object(object, PCEP_OBJECT_ASSOCIATION_V4) ||
           is_object(object, PCEP_OBJECT_ASSOCIATION_V6);
}

static bool is_svec(const struct pcep_object *object)
{
    return is_object(object, PCEP_OBJECT_SVEC);
}

/* Pointers to those objects of a run that a predicate takes and that carry no fault. */
static enum pce_status collect(struct object_run run, bool (*is_wanted)(const struct pcep_object *),
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

static uint32_t count_starts(struct object_run run, enum pcep_object_id id)
{
    uint32_t count = 0;
    for (const struct pcep_object *object = run.first; object < run.end; object++)
        count += is_object(object, id);
    return count;
}

/* From a first object to the one before the next of the same id. */
static struct object_run section_of(const struct pcep_object *first, const struct pcep_object *end,
                                    enum pcep_object_id id)
{
    const struct pcep_object *next = first + 1;
    while (next < end && !is_object(next, id))
        next++;
    return (struct object_run){first, next};
}

static struct object_run all_objects(const struct pcep_message *message)
{
    const struct pcep_object *first = message->objects;
    return (struct object_run){first, first == NULL ? NULL : first + message->object_count};
}

static const struct pcep_object *skip_to(struct object_run run, enum pcep_object_id id)
{
    const struct pcep_object *object = run.first;
    while (object < run.end && !is_object(object, id))
        object++;
    return object;
}

/* The head of a message, in front of its first section: a fault there refuses the whole message. */
static bool check_head(struct object_run run, object_set set, struct arena *arena,
                       struct pcep_fault *fault)
{
    struct fault_place place = {.arena = arena, .heeds_p = true};
    for (const struct pcep_object *object = run.first; object < run.end; object++)
        (void)accept(object, set, &place);
    if (place.count == 0)
        return true;
    *fault = place.faults[0];
    fault->scope = PCEP_FAULT_MESSAGE;
    return false;
}

/* No section at all: what is wrong with an object explains it best, else the object is missing. */
static enum pce_status refuse_message(struct object_run run, uint8_t error_value,
                                      const char *reason, struct pcep_fault *fault)
{
    for (const struct pcep_object *object = run.first; object < run.end; object++) {
        if (object->fault != NULL) {
            *fault = *object->fault;
            return PCE_INVALID;
        }
    }
    *fault = (struct pcep_fault){.scope = PCEP_FAULT_NONE};
    pcep_fault_set(fault, PCEP_FAULT_MESSAGE, 6, error_value, 0, reason);
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
        take_one(request->rro == NULL ? &request->bandwidth : &request->rro_bandwidth, object);
        break;
    case PCEP_OBJECT_BANDWIDTH_EXISTING:
        take_one(&request->rro_bandwidth, object);
        break;
    case PCEP_OBJECT_METRIC:
        take_metric(request->metrics, &request->metric_count, object, place);
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

static bool has_bandwidth(const struct pcep_object *object)
{
    return object != NULL && ((const struct pcep_bandwidth *)object->body)->bandwidth > 0;
}

/* Whether the LSP that is to be moved has bandwidth: what it has now decides; where that is not
 * told, what is asked for. */
static bool is_bandwidth_moved(const struct pcep_request *request)
{
    return has_bandwidth(request->rro_bandwidth != NULL ? request->rro_bandwidth
                                                        : request->bandwidth);
}

/* RFC 5440 7.4, 7.6 and 6.4 */
static void check_request(const struct pcep_request *request, struct fault_place *place)
{
    const struct pcep_object *object = request->rp;
    const struct pcep_rp *rp = object->body;
    if ((object->header_flags & PCEP_OBJECT_FLAG_P) == 0)
        refuse(place, 10, 1, object->offset, "RP without P flag");
    if (rp->request_id == 0)
        refuse(place, 8, 0, object->offset, "request-ID 0");
    if (request->end_points == NULL)
        refuse(place, 6, 3, object->offset, "END-POINTS missing");
    /* RFC 5440 7.4.2: an LSP without bandwidth needs none; one of ours to see needs none either. */
    if ((rp->flags & PCEP_RP_R) != 0 && request->rro == NULL && request->lsp == NULL &&
        is_bandwidth_moved(request))
        refuse(place, 6, 2, object->offset, "RRO missing in a reoptimization");
}

static enum pce_status parse_request(struct object_run run, struct arena *arena,
                                     struct pcep_request *request)
{
    const struct pcep_rp *rp = run.first->body;
    *request = (struct pcep_request){.rp = run.first};
    struct fault_place place = {
        .arena = arena, .heeds_p = true, .id_kind = PCEP_ID_REQUEST, .id = rp->request_id};
    for (const struct pcep_object *object = run.first; object < run.end; object++) {
        if (accept(object, request_set, &place))
            take_request_object(request, object, &place);
    }
    check_request(request, &place);
    request->faults = place.faults;
    request->fault_count = place.count;
    if (place.count > 0)
        request->fault = place.faults[0];
    if (place.is_full)
        return PCE_LIMIT;
    return collect(run, is_association, arena, &request->associations, &request->association_count);
}

enum pce_status pcep_parse_requests(const struct pcep_message *message, struct arena *arena,
                                    struct pcep_request_list *list, struct pcep_fault *fault)
{
    struct object_run run = all_objects(message);
    *list = (struct pcep_request_list){.requests = NULL};
    const struct pcep_object *first = skip_to(run, PCEP_OBJECT_RP);
    if (first == run.end)
        return refuse_message(run, 1, "RP missing", fault);
    struct object_run head = {run.first, first};
    if (!check_head(head, request_head_set, arena, fault))
        return PCE_INVALID;
    uint32_t count = count_starts(run, PCEP_OBJECT_RP);
    list->requests = ARENA_ARRAY(arena, struct pcep_request, count);
    if (list->requests == NULL ||
        collect(head, is_svec, arena, &list->svecs, &list->svec_count) != PCE_OK)
        return PCE_LIMIT;
    while (first < run.end) {
        struct object_run section = section_of(first, run.end, PCEP_OBJECT_RP);
        if (parse_request(section, arena, &list->requests[list->request_count]) != PCE_OK)
            return PCE_LIMIT;
        list->request_count++;
        first = section.end;
    }
    return PCE_OK;
}

/* ---- LSP states: reports, updates, initiations ---- */

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
    case PCEP_OBJECT_RRO:
        take_one(&state->rro, object);
        break;
    case PCEP_OBJECT_BANDWIDTH:
        take_one(&state->bandwidth, object);
        break;
    case PCEP_OBJECT_LSPA:
        take_one(&state->lspa, object);
        break;
    case PCEP_OBJECT_METRIC:
        take_metric(state->metrics, &state->metric_count, object, place);
        break;
    default:
        break;
    }
}

/* A removal needs no path: R of the LSP in a report, R of the SRP in an initiation; and an
 * initiation of SRP and LSP alone takes over an orphan (RFC 8281 5.4, 6). */
static bool needs_ero(const struct pcep_message *message, const struct pcep_lsp_state *state)
{
    if (message->type != PCEP_MESSAGE_PCINITIATE)
        return true;
    const struct pcep_srp *srp = state->srp == NULL ? NULL : state->srp->body;
    const struct pcep_lsp *lsp = state->lsp == NULL ? NULL : state->lsp->body;
    return (srp == NULL || (srp->flags & PCEP_SRP_R) == 0) && (lsp == NULL || lsp->plsp_id == 0);
}

/* RFC 8231 6.1, 6.2 and RFC 8281 5.1: which objects must be there */
static void check_state(const struct pcep_message *message, const struct pcep_lsp_state *state,
                        uint32_t offset, struct fault_place *place)
{
    if (state->srp == NULL && message->type != PCEP_MESSAGE_PCRPT)
        refuse(place, 6, 10, offset, "SRP missing");
    if (state->lsp == NULL)
        refuse(place, 6, 8, offset, "LSP missing");
    if (state->ero == NULL && needs_ero(message, state))
        refuse(place, 6, 9, offset, "ERO missing");
}

/* A state begins at its SRP, or at its LSP where it has none. */
static const struct pcep_object *state_end(const struct pcep_object *first,
                                           const struct pcep_object *end)
{
    bool has_lsp = is_object(first, PCEP_OBJECT_LSP);
    for (const struct pcep_object *object = first + 1; object < end; object++) {
        if (is_object(object, PCEP_OBJECT_SRP) || (has_lsp && is_object(object, PCEP_OBJECT_LSP)))
            return object;
        has_lsp |= is_object(object, PCEP_OBJECT_LSP);
    }
    return end;
}

static enum pce_status parse_state(const struct pcep_message *message, struct object_run run,
                                   struct arena *arena, struct pcep_lsp_state *state)
{
    *state = (struct pcep_lsp_state){.srp = NULL};
    struct fault_place place = {.arena = arena};
    if (is_object(run.first, PCEP_OBJECT_SRP)) {
        place.id_kind = PCEP_ID_SRP;
        place.id = ((const struct pcep_srp *)run.first->body)->srp_id;
    }
    for (const struct pcep_object *object = run.first; object < run.end; object++) {
        if (accept(object, lsp_state_set, &place))
            take_state_object(state, object, &place);
    }
    check_state(message, state, run.first->offset, &place);
    state->faults = place.faults;
    state->fault_count = place.count;
    if (place.count > 0)
        state->fault = place.faults[0];
    if (place.is_full)
        return PCE_LIMIT;
    return collect(run, is_association, arena, &state->associations, &state->association_count);
}

enum pce_status pcep_parse_lsp_states(const struct pcep_message *message, struct arena *arena,
                                      struct pcep_lsp_state_list *list, struct pcep_fault *fault)
{
    struct object_run run = all_objects(message);
    *list = (struct pcep_lsp_state_list){.states = NULL};
    if (run.first == run.end) {
        bool is_report = message->type == PCEP_MESSAGE_PCRPT;
        return refuse_message(run, is_report ? 8 : 10, is_report ? "LSP missing" : "SRP missing",
                              fault);
    }
    uint32_t count = 0;
    for (const struct pcep_object *at = run.first; at < run.end; at = state_end(at, run.end))
        count++;
    list->states = ARENA_ARRAY(arena, struct pcep_lsp_state, count);
    if (list->states == NULL)
        return PCE_LIMIT;
    for (const struct pcep_object *at = run.first; at < run.end;) {
        struct object_run section = {at, state_end(at, run.end)};
        if (parse_state(message, section, arena, &list->states[list->state_count]) != PCE_OK)
            return PCE_LIMIT;
        list->state_count++;
        at = section.end;
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
        take_metric(response->metrics, &response->metric_count, object, place);
        break;
    default:
        break;
    }
}

static bool parse_response(struct object_run run, struct arena *arena,
                           struct pcep_response *response)
{
    const struct pcep_rp *rp = run.first->body;
    *response = (struct pcep_response){.rp = run.first};
    struct fault_place place = {.arena = arena, .id_kind = PCEP_ID_REQUEST, .id = rp->request_id};
    for (const struct pcep_object *object = run.first; object < run.end; object++) {
        if (accept(object, response_set, &place))
            take_response_object(response, object, &place);
    }
    response->faults = place.faults;
    response->fault_count = place.count;
    if (place.count > 0)
        response->fault = place.faults[0];
    return !place.is_full;
}

enum pce_status pcep_parse_responses(const struct pcep_message *message, struct arena *arena,
                                     struct pcep_response_list *list, struct pcep_fault *fault)
{
    struct object_run run = all_objects(message);
    *list = (struct pcep_response_list){.responses = NULL};
    const struct pcep_object *first = skip_to(run, PCEP_OBJECT_RP);
    if (first == run.end)
        return refuse_message(run, 1, "RP missing", fault);
    list->responses = ARENA_ARRAY(arena, struct pcep_response, count_starts(run, PCEP_OBJECT_RP));
    if (list->responses == NULL)
        return PCE_LIMIT;
    while (first < run.end) {
        struct object_run section = section_of(first, run.end, PCEP_OBJECT_RP);
        if (!parse_response(section, arena, &list->responses[list->response_count]))
            return PCE_LIMIT;
        list->response_count++;
        first = section.end;
    }
    return PCE_OK;
}
