/* What may be sent: the rows of the grammar followed in order, and no object, flag or number that
 * the documents do not allow. */
#include "core/base/check.h"
#include "core/pcep/error.h"
#include "core/pcep/grammar.h"

#include "core/pcep/frame.h"
#include "core/pcep/grammar_place.h"
#include "core/pcep/model.h"
#include "core/wire/value.h"

#define DEPTH_MAX 4 /* of groups in groups */

static void send_refuse(struct pcep_fault *fault, const struct pcep_object *object,
                        const char *reason)
{
    pcep_fault_set(fault, PCEP_FAULT_MESSAGE, PCEP_ERROR_NONE, object->offset, reason);
}

/* ---- order ---- */

/* A walk along rows and objects at once. */
struct walk {
    struct grammar grammar;
    struct grammar_run run;                       /* the section so far */
    const struct pcep_object *next;               /* not yet matched */
    const struct pcep_object *last;               /* behind all */
    uint32_t at;                                  /* row */
    uint32_t begins[DEPTH_MAX];                   /* rows of the groups that are open */
    const struct pcep_object *entered[DEPTH_MAX]; /* where each round of them began */
    uint32_t depth;
    struct pcep_fault *fault;
};

/* Whether a group begins here: behind what may be skipped stands what it is entered at. */
static bool enters(const struct walk *walk, const struct grammar_row *row)
{
    const struct pcep_object *object = walk->next;
    while (object < walk->last && grammar_has_class(row->skipped, object))
        object++;
    return object < walk->last && grammar_has_class(row->classes, object);
}

static void send_open_group(struct walk *walk, const struct grammar_row *row)
{
    CHECK(walk->depth < DEPTH_MAX);
    walk->begins[walk->depth] = walk->at;
    walk->entered[walk->depth] = walk->next;
    walk->depth++;
    walk->at++;
    if (row->kind == GRAMMAR_SECTION)
        walk->run.first = walk->next;
}

static void walk_begin(struct walk *walk, const struct grammar_row *row)
{
    class_set skipped;
    /* A required group is gone through even so: it tells what is missing. */
    if (grammar_is_required(row) || enters(walk, row))
        send_open_group(walk, row);
    else
        walk->at = grammar_behind(&walk->grammar, walk->at, &skipped);
}

static void walk_end(struct walk *walk)
{
    CHECK(walk->depth > 0);
    uint32_t begin = walk->begins[walk->depth - 1];
    const struct grammar_row *row = &walk->grammar.rows[begin];
    /* A round that takes no object would begin again for ever. */
    bool has_moved = walk->next > walk->entered[walk->depth - 1];
    walk->depth--;
    walk->at++;
    if (!grammar_repeats(row) || !has_moved || !enters(walk, row))
        return;
    walk->at = begin;
    send_open_group(walk, row);
}

static bool is_missing(const struct walk *walk, const struct grammar_row *row)
{
    if (!grammar_is_required(row) || (row->is_needed != NULL && !row->is_needed(&walk->run)))
        return false;
    for (const struct pcep_object *object = walk->run.first; object < walk->run.end; object++) {
        if (grammar_has_class(row->classes, object))
            return false;
    }
    return true;
}

static void send_walk_object(struct walk *walk, const struct grammar_row *row)
{
    uint32_t count = 0;
    while (walk->next < walk->last && grammar_has_class(row->classes, walk->next) &&
           (count == 0 || grammar_repeats(row))) {
        walk->next++;
        count++;
    }
    walk->run.end = walk->next;
    uint32_t offset = walk->next < walk->last ? walk->next->offset : walk->run.message->size;
    if (count == 0 && is_missing(walk, row))
        pcep_fault_set(walk->fault, PCEP_FAULT_MESSAGE, row->error, offset,
                       row->missing == NULL ? "a required object is missing" : row->missing);
    walk->at++;
}

static void check_order(const struct grammar_run *whole, struct pcep_fault *fault)
{
    struct walk walk = {
        .grammar = grammar_of(whole->message->type),
        .run = {whole->message, whole->first, whole->first},
        .next = whole->first,
        .last = whole->end,
        .fault = fault,
    };
    while (walk.at < walk.grammar.count && !pcep_fault_is_set(fault)) {
        const struct grammar_row *row = &walk.grammar.rows[walk.at];
        if (row->kind == GRAMMAR_OBJECT)
            send_walk_object(&walk, row);
        else if (row->kind == GRAMMAR_END)
            walk_end(&walk);
        else
            walk_begin(&walk, row);
    }
    CHECK(pcep_fault_is_set(fault) || walk.depth == 0); /* every BEGIN has its END */
    if (walk.next < walk.last && !pcep_fault_is_set(fault))
        send_refuse(fault, walk.next, "object out of its place, or one too many");
}

/* ---- fields ---- */

/* Bits that a table of flags names. */
static uint64_t named_bits(const struct wire_names *names)
{
    uint64_t bits = 0;
    for (uint32_t i = 0; i < names->count; i++)
        bits |= names->rows[i].value;
    return bits;
}

static const char *judge_field(const struct wire_field *field, const void *body)
{
    struct wire_value value = wire_field_load(field, body);
    if (value.kind != WIRE_VALUE_NUMBER)
        return NULL;
    if (field->names->style == WIRE_STYLE_RESERVED && value.number != 0)
        return "a reserved field is not zero";
    if (field->names->style == WIRE_STYLE_FLAGS && (value.number & ~named_bits(field->names)) != 0)
        return "an unassigned flag is set";
    return NULL;
}

/* The bodies of a list; they have no lists inside. */
static const char *judge_list(const struct wire_field *field, const void *body)
{
    CHECK(field->names->style == WIRE_STYLE_LIST);
    const struct wire_layout *layout = field->names->element;
    struct wire_field_table table = layout->fields();
    struct wire_value list = wire_field_load(field, body);
    const char *reason = NULL;
    for (uint32_t i = 0; i < list.count; i++) {
        const uint8_t *element = (const uint8_t *)list.array + (size_t)i * layout->body_size;
        for (uint32_t k = 0; k < table.count && reason == NULL; k++)
            reason = judge_field(&table.fields[k], element);
    }
    return reason;
}

static const char *send_judge_body(const struct wire_layout *layout, const void *body)
{
    struct wire_field_table table = layout->fields();
    const char *reason = NULL;
    for (uint32_t i = 0; i < table.count && reason == NULL; i++) {
        const struct wire_field *field = &table.fields[i];
        reason = wire_field_value_kind(field) == WIRE_VALUE_LIST ? judge_list(field, body)
                                                                 : judge_field(field, body);
    }
    return reason;
}

static const char *judge_tlv(const struct pcep_tlv *tlv)
{
    if (tlv->row == NULL)
        return "unknown or malformed TLV";
    if (tlv->padding[0] != 0 || tlv->padding[1] != 0 || tlv->padding[2] != 0)
        return "padding is not zero";
    if (tlv->rest.size > 0)
        return "octets behind the last sub-TLV";
    return send_judge_body(tlv->row->layout, tlv->body);
}

static const char *send_judge_tlvs(const struct pcep_object *object)
{
    const char *reason = NULL;
    for (uint32_t i = 0; i < object->tlv_count && reason == NULL; i++) {
        const struct pcep_tlv *tlv = &object->tlvs[i];
        reason = judge_tlv(tlv);
        for (uint32_t k = 0; k < tlv->sub_count && reason == NULL; k++)
            reason = judge_tlv(&tlv->subs[k]);
    }
    return reason;
}

static const char *judge_subobjects(const struct pcep_object *object)
{
    const char *reason = NULL;
    for (uint32_t i = 0; i < object->subobject_count && reason == NULL; i++) {
        const struct pcep_subobject *subobject = &object->subobjects[i];
        reason = subobject->row == NULL ? "unknown or malformed subobject"
                                        : send_judge_body(subobject->row->layout, subobject->body);
    }
    return reason;
}

/* RFC 8231 7: objects of stateful PCEP have neither P nor I; RFC 5440 7.2: I is for replies. */
static const char *send_judge_header(const struct pcep_message *message,
                                     const struct pcep_object *object)
{
    bool is_stateful = object->row->id == PCEP_OBJECT_LSP || object->row->id == PCEP_OBJECT_SRP;
    if ((object->header_flags & ~(PCEP_OBJECT_FLAG_I | PCEP_OBJECT_FLAG_P)) != 0)
        return "reserved bits of the object's header are not zero";
    if (is_stateful && object->header_flags != 0)
        return "P or I flag on an object of stateful PCEP";
    if ((object->header_flags & PCEP_OBJECT_FLAG_I) != 0 && message->type != PCEP_MESSAGE_PCREP)
        return "I flag outside a reply";
    return NULL;
}

/* RFC 8231 7.2 and 7.3 */
static const char *judge_numbers(const struct pcep_object *object)
{
    if (object->row->id == PCEP_OBJECT_LSP &&
        ((const struct pcep_lsp *)object->body)->plsp_id == PCEP_PLSP_ID_MAX)
        return "reserved PLSP-ID";
    if (object->row->id == PCEP_OBJECT_SRP &&
        ((const struct pcep_srp *)object->body)->srp_id == PCEP_SRP_ID_MAX)
        return "reserved SRP-ID-number";
    return NULL;
}

static void send_check_object(const struct pcep_message *message, const struct pcep_object *object,
                              struct pcep_fault *fault)
{
    const char *reason = NULL;
    if (object->fault != NULL) {
        *fault = *object->fault;
        return;
    }
    if (object->row == NULL)
        reason = "unknown or malformed object";
    else if (object->rest.size > 0)
        reason = "octets behind the last TLV or subobject";
    if (reason == NULL)
        reason = send_judge_header(message, object);
    if (reason == NULL)
        reason = send_judge_body(object->row->layout, object->body);
    if (reason == NULL)
        reason = judge_numbers(object);
    if (reason == NULL)
        reason = send_judge_tlvs(object);
    if (reason == NULL)
        reason = judge_subobjects(object);
    if (reason != NULL)
        send_refuse(fault, object, reason);
}

/* RFC 5440 6.7: a proposal stands behind errors that name no request. */
static void check_proposal(const struct grammar_run *run, struct pcep_fault *fault)
{
    const struct pcep_object *open = grammar_find(run, PCEP_OBJECT_OPEN);
    if (run->message->type == PCEP_MESSAGE_PCERR && open != NULL &&
        (grammar_find(run, PCEP_OBJECT_RP) != NULL || grammar_find(run, PCEP_OBJECT_SRP) != NULL))
        send_refuse(fault, open, "OPEN together with RP or SRP");
}

enum pce_status pcep_check_sending(const struct pcep_message *message, struct arena *arena,
                                   struct pcep_fault *fault)
{
    const struct pcep_object *first = message->objects;
    struct grammar_run run = {message, first, first == NULL ? NULL : first + message->object_count};
    *fault = (struct pcep_fault){.scope = PCEP_FAULT_NONE};
    if (message->row == NULL)
        pcep_fault_set(fault, PCEP_FAULT_MESSAGE, PCEP_ERROR_CAPABILITY_NOT_SUPPORTED, 1,
                       "unknown message type");
    else if (message->version != PCEP_VERSION)
        pcep_fault_set(fault, PCEP_FAULT_MESSAGE, PCEP_ERROR_VERSION_NOT_SUPPORTED, 0,
                       "PCEP version is not 1");
    else if (message->flags != 0)
        pcep_fault_set(fault, PCEP_FAULT_MESSAGE, PCEP_ERROR_NONE, 0,
                       "flags of the header are not zero");
    for (const struct pcep_object *at = run.first; at < run.end && !pcep_fault_is_set(fault); at++)
        send_check_object(message, at, fault);
    if (!pcep_fault_is_set(fault))
        check_order(&run, fault);
    if (!pcep_fault_is_set(fault))
        check_proposal(&run, fault);
    return pcep_fault_is_set(fault) ? PCE_OK : pcep_check_received(message, arena, fault);
}
