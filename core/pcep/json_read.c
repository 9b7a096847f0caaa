/* From JSON to a message: every member is checked against its field before it is taken. */
#include "core/base/check.h"
#include "core/base/ip.h"
#include "core/pcep/json.h"
#include "core/pcep/model.h"
#include "core/wire/hex.h"
#include "core/wire/value.h"

#include <stdio.h>

/* objects, TLVs or subobjects in them, and once more, body, a list of it */
#define PATH_DEPTH_MAX 5
#define NO_INDEX       SIZE_MAX
#define LIST_COUNT_MAX 255 /* bodies of a list: their number stands in one octet */

/* One step of the way from the message to the member that is read. */
struct json_step {
    const char *name;
    size_t index; /* in a list; NO_INDEX: of no list */
};

struct json_reader {
    struct arena *arena;
    struct pcep_json_error *error;
    enum pce_status status;
    struct json_step path[PATH_DEPTH_MAX];
    uint32_t depth;
};

/* Whoever enters leaves again, but after a refusal: the path then stays where it was. */
static void json_enter(struct json_reader *r, const char *name, size_t index)
{
    CHECK(r->depth < PATH_DEPTH_MAX);
    r->path[r->depth++] = (struct json_step){name, index};
}

static void json_leave(struct json_reader *r)
{
    CHECK(r->depth > 0);
    r->depth--;
}

/* "objects[2].tlvs[0].body." */
static size_t format_path(const struct json_reader *r, char *text, size_t room)
{
    size_t size = 0;
    for (uint32_t i = 0; i < r->depth; i++) {
        const struct json_step *step = &r->path[i];
        int more = step->index == NO_INDEX
                       ? snprintf(text + size, room - size, "%s.", step->name)
                       : snprintf(text + size, room - size, "%s[%zu].", step->name, step->index);
        size += more > 0 && (size_t)more < room - size ? (size_t)more : 0;
    }
    return size;
}

static bool json_refuse(struct json_reader *r, const char *name, const char *why)
{
    if (r->status == PCE_OK) {
        r->status = PCE_INVALID;
        size_t size = format_path(r, r->error->text, sizeof r->error->text);
        (void)snprintf(r->error->text + size, sizeof r->error->text - size, "%s: %s", name, why);
    }
    return false;
}

static void *json_room(struct json_reader *r, size_t count, size_t size)
{
    void *room = arena_alloc_array(r->arena, count, size);
    if (room == NULL && r->status == PCE_OK) {
        r->status = PCE_LIMIT;
        (void)snprintf(r->error->text, sizeof r->error->text, "no memory");
    }
    return room;
}

static bool read_hex(struct json_reader *r, const char *name, const json_t *json,
                     struct wire_span *span)
{
    if (!json_is_string(json))
        return json_refuse(r, name, "is no string of hex digits");
    size_t size = json_string_length(json);
    if (size > 2 * 65535)
        return json_refuse(r, name, "is too long");
    uint8_t *octets = json_room(r, size / 2 + 1, 1);
    if (octets == NULL)
        return false;
    if (!hex_parse(json_string_value(json), size, octets))
        return json_refuse(r, name, "is no string of hex digits");
    *span = (struct wire_span){octets, size / 2};
    return true;
}

/* Absent: an empty span. */
static bool read_optional_hex(struct json_reader *r, const char *name, const json_t *parent,
                              struct wire_span *span)
{
    const json_t *json = json_object_get(parent, name);
    *span = (struct wire_span){NULL, 0};
    return json == NULL || read_hex(r, name, json, span);
}

/* Absent: NULL, which is an empty list to json_array_size. */
static bool json_read_list(struct json_reader *r, const char *name, const json_t *parent,
                           const json_t **list)
{
    *list = json_object_get(parent, name);
    return *list == NULL || json_is_array(*list) || json_refuse(r, name, "is no list");
}

static bool read_integer(struct json_reader *r, const char *name, const json_t *json, uint64_t max,
                         uint64_t *number)
{
    if (!json_is_integer(json))
        return json_refuse(r, name, "is missing or no integer");
    *number = (uint64_t)json_integer_value(json);
    if (*number > max)
        return json_refuse(r, name, "is out of range");
    return true;
}

static bool read_float(struct json_reader *r, const char *name, const json_t *json,
                       struct wire_value *value)
{
    struct wire_span span = {NULL, 0};
    if (json_is_object(json)) {
        if (!read_hex(r, name, json_object_get(json, "hex"), &span))
            return false;
        if (span.size != 4)
            return json_refuse(r, name, "has not 4 octets");
        struct wire_reader reader = wire_reader_init(span.octets, span.size);
        value->number = wire_u32(&reader);
        return true;
    }
    if (!json_is_number(json))
        return json_refuse(r, name, "is no number");
    double number = json_number_value(json);
    if (number > 3.4028234663852886e38 || number < -3.4028234663852886e38)
        return json_refuse(r, name, "is out of range");
    float single = (float)number;
    uint32_t bits;
    memcpy(&bits, &single, sizeof bits);
    value->number = bits;
    return true;
}

static bool json_read_ip(struct json_reader *r, const struct wire_field *field, const json_t *json,
                         struct wire_value *value)
{
    if (!json_is_string(json) || !ip_parse(json_string_value(json), &value->ip))
        return json_refuse(r, field->name, "is no address");
    bool wants_v4 = field->kind == WIRE_FIELD_IPV4 || field->kind == WIRE_FIELD_IPV4S;
    bool wants_v6 = field->kind == WIRE_FIELD_IPV6 || field->kind == WIRE_FIELD_IPV6S;
    bool is_wrong =
        (wants_v4 && value->ip.family != IP_V4) || (wants_v6 && value->ip.family != IP_V6);
    if (is_wrong)
        return json_refuse(r, field->name, "is of the other address family");
    return true;
}

static bool json_read_name(struct json_reader *r, const char *name, const json_t *json,
                           struct wire_value *value)
{
    if (json_is_object(json))
        return read_hex(r, name, json_object_get(json, "hex"), &value->octets);
    if (!json_is_string(json))
        return json_refuse(r, name, "is no string");
    size_t size = json_string_length(json);
    uint8_t *octets = json_room(r, size + 1, 1);
    if (octets == NULL)
        return false;
    memcpy(octets, json_string_value(json), size);
    value->octets = (struct wire_span){octets, size};
    return true;
}

static bool read_array(struct json_reader *r, const struct wire_field *field, const json_t *json,
                       struct wire_value *value)
{
    if (!json_is_array(json) || json_array_size(json) > 65535)
        return json_refuse(r, field->name, "is no list");
    size_t count = json_array_size(json);
    size_t size = wire_field_element_size(field);
    CHECK(size == 1 || size == 2 || size == 4 || size == 8);
    if (size == 1 && count > 255)
        return json_refuse(r, field->name, "has more than 255 elements");
    uint8_t *array = json_room(r, count + 1, size);
    if (array == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        uint64_t number = 0;
        if (!read_integer(r, field->name, json_array_get(json, i), wire_field_number_max(field),
                          &number))
            return false;
        uint8_t u8 = (uint8_t)number;
        uint16_t u16 = (uint16_t)number;
        uint32_t u32 = (uint32_t)number;
        const void *const from[] = {[1] = &u8, [2] = &u16, [4] = &u32, [8] = &number};
        memcpy(array + i * size, from[size], size);
    }
    value->array = array;
    value->count = (uint32_t)count;
    return true;
}

static bool read_ips(struct json_reader *r, const struct wire_field *field, const json_t *json,
                     struct wire_value *value)
{
    if (!json_is_array(json) || json_array_size(json) > 65535)
        return json_refuse(r, field->name, "is no list");
    size_t count = json_array_size(json);
    struct ip *ips = json_room(r, count + 1, sizeof *ips);
    for (size_t i = 0; ips != NULL && i < count; i++) {
        if (!json_read_ip(r, field, json_array_get(json, i), value))
            return false;
        ips[i] = value->ip;
    }
    value->array = ips;
    value->count = (uint32_t)count;
    return ips != NULL;
}

/* Any value but a list of bodies. */
static bool json_read_value(struct json_reader *r, const struct wire_field *field,
                            const json_t *json, struct wire_value *value)
{
    switch (wire_field_value_kind(field)) {
    case WIRE_VALUE_NUMBER:
        return read_integer(r, field->name, json, wire_field_number_max(field), &value->number);
    case WIRE_VALUE_FLOAT:
        return read_float(r, field->name, json, value);
    case WIRE_VALUE_IP:
        return json_read_ip(r, field, json, value);
    case WIRE_VALUE_ARRAY:
        return read_array(r, field, json, value);
    case WIRE_VALUE_IPS:
        return read_ips(r, field, json, value);
    case WIRE_VALUE_OWN:
        return json_refuse(r, field->name, "stands beside the body, not in it");
    case WIRE_VALUE_TEXT:
        return json_read_name(r, field->name, json, value);
    default:
        return read_hex(r, field->name, json, &value->octets);
    }
}

static bool is_field(const struct wire_field_table *table, const char *name)
{
    size_t size = strlen(name);
    if (size > 5 && strcmp(name + size - 5, "_text") == 0)
        return true; /* for readers */
    for (uint32_t i = 0; i < table->count; i++) {
        if (strcmp(table->fields[i].name, name) == 0)
            return true;
    }
    return false;
}

/* A member that no field has is a mistake, not something to pass over. */
static bool check_names(struct json_reader *r, const struct wire_field_table *table,
                        const json_t *json)
{
    /* jansson's iterators take no const, though they change nothing. */
    json_t *body = json_incref((json_t *)(uintptr_t)json);
    bool is_good = true;
    for (void *at = json_object_iter(body); at != NULL && is_good;
         at = json_object_iter_next(body, at)) {
        if (!is_field(table, json_object_iter_key(at)))
            is_good = json_refuse(r, json_object_iter_key(at), "is no field of this body");
    }
    json_decref(body);
    return is_good;
}

/* One body of a list. It has no lists inside. */
static bool read_element(struct json_reader *r, const struct wire_field_table *table,
                         const json_t *json, uint8_t *body)
{
    if (!json_is_object(json))
        return json_refuse(r, "element", "is no object");
    if (!check_names(r, table, json))
        return false;
    for (uint32_t i = 0; i < table->count; i++) {
        const struct wire_field *field = &table->fields[i];
        const json_t *member = json_object_get(json, field->name);
        struct wire_value value = {.number = 0};
        if (member != NULL && !json_read_value(r, field, member, &value))
            return false;
        wire_field_store(field, body, &value);
    }
    return true;
}

static bool read_bodies(struct json_reader *r, const struct wire_field *field, const json_t *json,
                        struct wire_value *value)
{
    const struct wire_layout *layout = field->names->element;
    struct wire_field_table table = layout->fields();
    if (!json_is_array(json) || json_array_size(json) > LIST_COUNT_MAX)
        return json_refuse(r, field->name, "is no list, or has more than 255 elements");
    size_t count = json_array_size(json);
    uint8_t *bodies = json_room(r, count + 1, layout->body_size);
    for (size_t i = 0; bodies != NULL && i < count; i++) {
        json_enter(r, field->name, i);
        if (!read_element(r, &table, json_array_get(json, i), bodies + i * layout->body_size))
            return false;
        json_leave(r);
    }
    value->array = bodies;
    value->count = (uint32_t)count;
    return bodies != NULL;
}

/* The body of a layout; absent members are zero, but an address of a fixed family is all zeros. */
static const void *read_body(struct json_reader *r, const struct wire_layout *layout,
                             const json_t *json)
{
    struct wire_field_table table = layout->fields();
    if (!json_is_object(json)) {
        (void)json_refuse(r, "body", "is no object");
        return NULL;
    }
    uint8_t *body = json_room(r, 1, layout->body_size + 1);
    json_enter(r, "body", NO_INDEX);
    if (body == NULL || !check_names(r, &table, json))
        return NULL;
    for (uint32_t i = 0; i < table.count; i++) {
        const struct wire_field *field = &table.fields[i];
        const json_t *member = json_object_get(json, field->name);
        struct wire_value value = {.number = 0};
        bool is_list = wire_field_value_kind(field) == WIRE_VALUE_LIST;
        if (member != NULL && !(is_list ? read_bodies : json_read_value)(r, field, member, &value))
            return NULL;
        wire_field_store(field, body, &value);
    }
    json_leave(r);
    return body;
}

static bool read_tlv(struct json_reader *r, const json_t *json, enum pcep_tlv_space space,
                     struct pcep_tlv *tlv)
{
    uint64_t type = 0;
    struct wire_span span;
    if (!read_integer(r, "type", json_object_get(json, "type"), UINT16_MAX, &type) ||
        !read_optional_hex(r, "padding", json, &span))
        return false;
    *tlv = (struct pcep_tlv){.type = (uint16_t)type};
    memcpy(tlv->padding, span.size == 3 ? span.octets : (const uint8_t *)"\0\0\0", 3);
    const json_t *body = json_object_get(json, "body");
    if (body == NULL) {
        if (!read_optional_hex(r, "octets", json, &span))
            return false;
        tlv->octets = span.octets;
        tlv->size = (uint16_t)span.size;
    } else {
        tlv->row = pcep_tlv_find(space, tlv->type);
        if (tlv->row == NULL)
            return json_refuse(r, "body", "the TLV type has no fields here; use octets");
        tlv->body = read_body(r, tlv->row->layout, body);
    }
    return read_optional_hex(r, "rest", json, &tlv->rest) && r->status == PCE_OK;
}

struct tlv_array {
    struct pcep_tlv *tlvs;
    uint32_t count;
};

static bool read_tlvs(struct json_reader *r, const json_t *list, enum pcep_tlv_space space,
                      struct tlv_array *array)
{
    size_t count = json_array_size(list);
    *array = (struct tlv_array){NULL, 0};
    if (count == 0)
        return true;
    array->tlvs = json_room(r, count, sizeof *array->tlvs);
    for (size_t i = 0; array->tlvs != NULL && i < count; i++) {
        json_enter(r, "tlvs", i);
        if (!read_tlv(r, json_array_get(list, i), space, &array->tlvs[i]))
            return false;
        json_leave(r);
        array->count++;
    }
    return array->tlvs != NULL;
}

static bool read_sub_tlvs(struct json_reader *r, const json_t *json, struct pcep_tlv *tlv)
{
    const json_t *subs;
    struct tlv_array array;
    if (!json_read_list(r, "tlvs", json, &subs))
        return false;
    if (subs == NULL)
        return true;
    if (tlv->row == NULL || tlv->row->subs == PCEP_TLV_SPACE_NONE)
        return json_refuse(r, "tlvs", "the TLV has no sub-TLVs");
    if (!read_tlvs(r, subs, tlv->row->subs, &array))
        return false;
    tlv->subs = array.tlvs;
    tlv->sub_count = array.count;
    return true;
}

static bool read_object_tlvs(struct json_reader *r, const json_t *json, struct pcep_object *object)
{
    const json_t *list;
    struct tlv_array array;
    if (!json_read_list(r, "tlvs", json, &list) ||
        !read_tlvs(r, list, PCEP_TLV_SPACE_OBJECT, &array))
        return false;
    object->tlvs = array.tlvs;
    object->tlv_count = array.count;
    for (uint32_t i = 0; i < array.count; i++) {
        json_enter(r, "tlvs", i);
        if (!read_sub_tlvs(r, json_array_get(list, i), &array.tlvs[i]))
            return false;
        json_leave(r);
    }
    return true;
}

static bool read_one_subobject(struct json_reader *r, const json_t *json, enum pcep_tail kind,
                               struct pcep_subobject *subobject)
{
    uint64_t type = 0;
    struct wire_span span;
    if (!read_integer(r, "type", json_object_get(json, "type"), 127, &type))
        return false;
    *subobject = (struct pcep_subobject){
        .type = (uint8_t)type,
        .is_loose = json_is_true(json_object_get(json, "loose")),
    };
    const json_t *body = json_object_get(json, "body");
    if (body != NULL) {
        subobject->row = pcep_subobject_find(kind, subobject->type);
        if (subobject->row == NULL)
            return json_refuse(r, "body", "the subobject type has no fields here; use octets");
        subobject->body = read_body(r, subobject->row->layout, body);
        return r->status == PCE_OK;
    }
    if (!read_optional_hex(r, "octets", json, &span))
        return false;
    if (span.size > UINT8_MAX - 2)
        return json_refuse(r, "octets", "subobject is longer than 255 octets");
    subobject->octets = span.octets;
    subobject->size = (uint8_t)(span.size + 2);
    return true;
}

/* The subobjects of an EXRS. */
static bool read_inner(struct json_reader *r, const json_t *json, struct pcep_sub_exrs *exrs)
{
    const json_t *list;
    if (!json_read_list(r, "subobjects", json, &list))
        return false;
    size_t count = json_array_size(list);
    exrs->subobjects = json_room(r, count + 1, sizeof *exrs->subobjects);
    for (size_t i = 0; exrs->subobjects != NULL && i < count; i++) {
        json_enter(r, "subobjects", i);
        if (!read_one_subobject(r, json_array_get(list, i), PCEP_TAIL_XRO, &exrs->subobjects[i]))
            return false;
        json_leave(r);
        exrs->count++;
    }
    return exrs->subobjects != NULL;
}

static bool read_subobject(struct json_reader *r, const json_t *json, enum pcep_tail kind,
                           struct pcep_subobject *subobject)
{
    if (!read_one_subobject(r, json, kind, subobject))
        return false;
    if (subobject->row == NULL || subobject->row->id != PCEP_SUBOBJECT_EXRS)
        return true;
    struct pcep_sub_exrs *exrs = ARENA_NEW(r->arena, struct pcep_sub_exrs);
    if (exrs == NULL)
        return json_room(r, 1, sizeof *exrs) != NULL;
    *exrs = *(const struct pcep_sub_exrs *)subobject->body;
    subobject->body = exrs;
    return read_inner(r, json, exrs);
}

static bool read_subobjects(struct json_reader *r, const json_t *json, struct pcep_object *object)
{
    const json_t *list;
    if (!json_read_list(r, "subobjects", json, &list))
        return false;
    size_t count = json_array_size(list);
    if (count == 0)
        return true;
    object->subobjects = json_room(r, count, sizeof *object->subobjects);
    for (size_t i = 0; object->subobjects != NULL && i < count; i++) {
        json_enter(r, "subobjects", i);
        if (!read_subobject(r, json_array_get(list, i), object->row->tail, &object->subobjects[i]))
            return false;
        json_leave(r);
        object->subobject_count++;
    }
    return object->subobjects != NULL;
}

static bool read_object(struct json_reader *r, const json_t *json, struct pcep_object *object)
{
    uint64_t class_ = 0;
    uint64_t type = 0;
    uint64_t flags = 0;
    if (!read_integer(r, "class", json_object_get(json, "class"), UINT8_MAX, &class_) ||
        !read_integer(r, "type", json_object_get(json, "type"), 15, &type) ||
        !read_integer(r, "header_flags", json_object_get(json, "header_flags"), 15, &flags))
        return false;
    *object = (struct pcep_object){
        .class_ = (uint8_t)class_,
        .type = (uint8_t)type,
        .header_flags = (uint8_t)flags,
    };
    const json_t *body = json_object_get(json, "body");
    if (body == NULL) {
        struct wire_span span;
        if (!read_optional_hex(r, "octets", json, &span))
            return false;
        if (span.size > UINT16_MAX - 4)
            return json_refuse(r, "octets", "object is longer than a message");
        object->octets = span.octets;
        object->size = (uint16_t)(span.size + 4);
        return true;
    }
    object->row = pcep_object_find(object->class_, object->type);
    if (object->row == NULL)
        return json_refuse(r, "body", "the object type has no fields; use octets");
    object->body = read_body(r, object->row->layout, body);
    return object->body != NULL && read_object_tlvs(r, json, object) &&
           read_subobjects(r, json, object) && read_optional_hex(r, "rest", json, &object->rest);
}

static bool read_objects(struct json_reader *r, const json_t *json, struct pcep_message *message)
{
    const json_t *list;
    if (!json_read_list(r, "objects", json, &list))
        return false;
    size_t count = json_array_size(list);
    if (count == 0)
        return true;
    message->objects = json_room(r, count, sizeof *message->objects);
    for (size_t i = 0; message->objects != NULL && i < count; i++) {
        json_enter(r, "objects", i);
        if (!read_object(r, json_array_get(list, i), &message->objects[i]))
            return false;
        json_leave(r);
        message->object_count++;
    }
    return message->objects != NULL;
}

enum pce_status pcep_from_json(const json_t *json, struct arena *arena,
                               struct pcep_message *message, struct pcep_json_error *error)
{
    struct json_reader r = {.arena = arena, .error = error, .status = PCE_OK};
    uint64_t type = 0;
    uint64_t version = 1;
    uint64_t flags = 0;
    const json_t *version_json = json_object_get(json, "version");
    const json_t *flags_json = json_object_get(json, "flags");
    *message = (struct pcep_message){.row = NULL};
    *error = (struct pcep_json_error){{0}};
    if (!read_integer(&r, "type", json_object_get(json, "type"), UINT8_MAX, &type) ||
        (version_json != NULL && !read_integer(&r, "version", version_json, 7, &version)) ||
        (flags_json != NULL && !read_integer(&r, "flags", flags_json, 31, &flags)))
        return r.status;
    message->row = pcep_message_find((unsigned)type);
    message->type = (uint8_t)type;
    message->version = (uint8_t)version;
    message->flags = (uint8_t)flags;
    (void)read_objects(&r, json, message);
    return r.status;
}
