#include "server/control/lsp_json.h"

#include "core/base/number.h"
#include "core/intent/intent_json.h"
#include "core/pcep/json.h"
#include "core/pcep/model.h"
#include "core/pcep/names.h"
#include "server/control/json_values.h"
#include "server/control/lsp_words.h"
#include "server/control/path_json.h"
#include "server/control/session_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_ESCAPE_SIZE 4    /* of \xNN */
#define BINDING_REMOVED  0x80 /* R of TE-PATH-BINDING (RFC 9604 4) */

static const char *const sync_texts[] = {[LSP_SYNC_NONE] = "no-session",
                                         [LSP_SYNC_PENDING] = "pending",
                                         [LSP_SYNC_RUNNING] = "ongoing",
                                         [LSP_SYNC_DONE] = "finished"};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

bool lsp_id_parse(const char *text, uint32_t *shard, struct lsp_handle *id)
{
    struct conn_handle parts;
    if (!session_id_parse(text, &parts) || parts.generation == 0)
        return false;
    *shard = parts.shard;
    *id = (struct lsp_handle){parts.index, parts.generation};
    return true;
}

void lsp_name_format(const char *name, uint8_t size, char text[LSP_NAME_TEXT_SIZE])
{
    size_t used = 0;
    for (size_t i = 0; i < size; i++) {
        uint8_t octet = (uint8_t)name[i];
        if (octet >= ' ' && octet <= '~' && octet != '\\')
            text[used++] = (char)octet;
        else
            used += (size_t)snprintf(text + used, LSP_NAME_TEXT_SIZE - used, "\\x%02x", octet);
    }
    text[used] = '\0';
}

/* Two hexadecimal digits; false: they are none. */
static bool name_octet_parse(const char *text, char *octet)
{
    char digits[3] = "";
    (void)snprintf(digits, sizeof digits, "%s", text);
    if (strspn(digits, "0123456789abcdefABCDEF") != 2)
        return false;
    *octet = (char)strtoul(digits, NULL, 16);
    return true;
}

bool lsp_name_parse(const char *text, char name[LSP_NAME_MAX], uint8_t *size)
{
    size_t used = 0;
    while (*text != '\0' && used < LSP_NAME_MAX) {
        if (text[0] != '\\')
            name[used] = *text++;
        else if (text[1] == 'x' && name_octet_parse(text + 2, &name[used]))
            text += NAME_ESCAPE_SIZE;
        else
            return false;
        used++;
    }
    *size = (uint8_t)used;
    return *text == '\0' && used > 0;
}

/* Octets a second as PCEP has them; null: there is none, or it is no number. */
static json_t *bandwidth_json(float bandwidth)
{
    return bandwidth > 0 && bandwidth <= 3.4e38f ? json_real((double)bandwidth) : json_null();
}

static json_t *name_json(const char *name, uint8_t size)
{
    char text[LSP_NAME_TEXT_SIZE];
    lsp_name_format(name, size, text);
    return size == 0 ? json_null() : json_string(text);
}

/* null: it is no candidate path of an SR policy. */
static json_t *policy_json(const struct lsp_policy_view *view)
{
    const struct sr_policy *policy = &view->policy;
    if (!view->is_there)
        return json_null();
    json_t *path_id = policy->has_path_id
                          ? json_pack("{s:i,s:I,s:o,s:I}", "origin", (int)policy->origin, "as",
                                      (json_int_t)policy->originator_as, "originator",
                                      json_address(&policy->originator), "discriminator",
                                      (json_int_t)policy->discriminator)
                          : json_null();
    return json_pack("{s:I,s:o,s:o,s:I,s:o,s:o,s:o}", "color", (json_int_t)policy->color, "headend",
                     json_address(&policy->headend), "endpoint", json_address(&policy->endpoint),
                     "preference", (json_int_t)policy->preference, "path_id", path_id, "name",
                     name_json(view->policy_name, view->policy_name_size), "path_name",
                     name_json(view->path_name, view->path_name_size));
}

json_t *lsp_json_row(const struct lsp_view *view)
{
    char id[SESSION_ID_SIZE];
    char name[LSP_NAME_TEXT_SIZE];
    const struct lsp_summary *summary = &view->summary;
    const struct conn_handle parts = {
        .shard = view->shard, .index = view->id.slot, .generation = view->id.generation};
    session_id_format(&parts, id);
    lsp_name_format(view->name, view->name_size, name);
    return json_pack(
        "{s:s,s:o,s:s,s:o,s:o,s:o,s:o,s:o,s:o,s:b,s:b,s:b,s:b,s:o,s:o,s:i,s:i,s:i,s:f,s:f,s:o}",
        "id", id, "pcc", json_address(&view->pcc), "name", name, "plsp_id", json_id(view->plsp_id),
        "state", lsp_state_json(view->operational), "setup_type",
        lsp_setup_json(summary->setup_type), "source", json_address(&view->source), "destination",
        json_address(&view->destination), "color",
        view->has_color ? json_integer(view->color) : json_null(), "delegated",
        (int)view->is_delegated, "stale", (int)view->is_stale, "administrative_up",
        (summary->flags & PCEP_LSP_A) != 0, "created_by_pce", (summary->flags & PCEP_LSP_C) != 0,
        "bandwidth", bandwidth_json(summary->bandwidth), "bandwidth_measured",
        bandwidth_json(summary->bandwidth_measured), "setup_priority", summary->setup_priority,
        "holding_priority", summary->holding_priority, "instances", (int)view->instance_count,
        "age_s", json_seconds(view->age_ns), "changed_ago_s", json_seconds(view->changed_ns),
        "policy", policy_json(&view->policy));
}

/* ---- detail ---- */

/* The objects as a decoded message, whose header is made up. False: memory ran out. */
static bool objects_decode(const struct lsp_detail *detail, const struct lsp_objects *objects,
                           struct arena *arena, struct pcep_message *message)
{
    struct pcep_fault fault = {0};
    size_t size = objects->size + PCEP_HEADER_SIZE;
    uint8_t *octets = arena_alloc(arena, size);
    if (octets == NULL)
        return false;
    struct wire_writer writer = wire_writer_init(octets, size);
    size_t at = pcep_message_open(&writer, PCEP_MESSAGE_PCRPT);
    wire_put_octets(&writer, detail->octets + objects->offset, objects->size);
    pcep_message_close(&writer, at);
    if (writer.failed)
        return false;
    return pcep_decode((struct wire_span){octets, size}, arena, message, &fault) == PCE_OK;
}

static json_t *objects_json(const struct pcep_message *message)
{
    json_t *whole = pcep_to_json(message, NULL);
    json_t *objects = json_incref(json_object_get(whole, "objects"));
    json_decref(whole);
    return objects;
}

/* A label, or a SID, of a TE-PATH-BINDING of either form; null: the PCC asks for one (RFC 9604 8). */
static json_t *binding_value_json(const struct pcep_te_path_binding *binding)
{
    if (binding->count > 0)
        return json_integer(binding->entries[0] >> 12);
    return json_address(&binding->sid);
}

/* Both forms have one body. */
static json_t *binding_json(const struct pcep_te_path_binding *binding)
{
    const char *type = wire_names_find(&pcep_names_BINDING_TYPES, binding->type);
    return json_pack("{s:s,s:o,s:b}", "type", type == NULL ? "unknown" : type, "value",
                     binding_value_json(binding), "removed",
                     (binding->flags & BINDING_REMOVED) != 0);
}

/* Those of the LSP object. */
static json_t *bindings_json(const struct pcep_message *message)
{
    json_t *list = json_array();
    const struct pcep_object *lsp = message->object_count == 0 ? NULL : &message->objects[0];
    for (uint32_t i = 0; lsp != NULL && i < lsp->tlv_count && list != NULL; i++) {
        const struct pcep_tlv *tlv = &lsp->tlvs[i];
        if (tlv->row == NULL || (tlv->row->id != PCEP_TLV_TE_PATH_BINDING &&
                                 tlv->row->id != PCEP_TLV_TE_PATH_BINDING_OLD))
            continue;
        if (json_array_append_new(list, binding_json(tlv->body)) != 0) {
            json_decref(list);
            list = NULL;
        }
    }
    return list;
}

static json_t *instance_json(const struct lsp_detail *detail, const struct lsp_objects *objects,
                             struct arena *arena)
{
    struct pcep_message message;
    if (!objects_decode(detail, objects, arena, &message))
        return NULL;
    return json_pack("{s:i,s:o,s:o,s:o,s:o,s:o}", "lsp_id", (int)objects->lsp_id, "path",
                     path_json(&message, PCEP_OBJECT_ERO), "path_attributes",
                     path_attributes_json(&message, PCEP_OBJECT_ERO), "recorded",
                     path_json(&message, PCEP_OBJECT_RRO), "bindings", bindings_json(&message),
                     "objects", objects_json(&message));
}

static json_t *association_json(const struct lsp_detail *detail, const struct lsp_objects *objects,
                                struct arena *arena)
{
    struct pcep_message message;
    if (!objects_decode(detail, objects, arena, &message))
        return NULL;
    json_t *list = objects_json(&message);
    json_t *first = json_incref(json_array_get(list, 0));
    json_decref(list);
    return first;
}

typedef json_t *lsp_part_json_fn(const struct lsp_detail *detail, const struct lsp_objects *objects,
                                 struct arena *arena);

static json_t *parts_json(const struct lsp_detail *detail, const struct lsp_objects *parts,
                          uint32_t count, lsp_part_json_fn *part_json)
{
    struct arena arena;
    json_t *list = json_array();
    arena_init(&arena, LSP_JSON_ARENA);
    for (uint32_t i = 0; i < count && list != NULL; i++) {
        arena_reset(&arena);
        if (json_array_append_new(list, part_json(detail, &parts[i], &arena)) != 0) {
            json_decref(list);
            list = NULL;
        }
    }
    arena_fini(&arena);
    return list;
}

static json_t *history_json(const struct lsp_detail *detail)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < detail->history_count && list != NULL; i++) {
        const struct lsp_history_entry *entry = &detail->history[i];
        json_t *error = json_error(entry->error_type, entry->error_value);
        json_t *row =
            json_pack("{s:f,s:s,s:s,s:o,s:o}", "ago_s", json_seconds(detail->history_ago_ns[i]),
                      "change", lsp_change_text((enum lsp_change)entry->change), "by",
                      lsp_actor_text((enum lsp_actor)entry->by), "srp_id", json_id(entry->srp_id),
                      "error", error);
        if (json_array_append_new(list, row) != 0) {
            json_decref(list);
            list = NULL;
        }
    }
    return list;
}

/* null: its bandwidth does not follow its traffic. */
static json_t *auto_bandwidth_json(const struct lsp_detail *detail)
{
    if (!detail->has_auto_bandwidth)
        return json_null();
    json_t *requested = detail->requested < 0 ? json_null() : json_real((double)detail->requested);
    return json_pack("{s:o,s:f,s:o}", "requested", requested, "granted", (double)detail->granted,
                     "attributes", intent_write_auto_bandwidth(&detail->auto_bandwidth));
}

json_t *lsp_json_detail(const struct lsp_detail *detail)
{
    const struct lsp_view *view = &detail->view;
    json_t *json = lsp_json_row(view);
    json_t *more = json_pack(
        "{s:o,s:i,s:b,s:o,s:o,s:o,s:o}", "srp_id", json_id(view->srp_id), "tunnel_id",
        (int)view->tunnel_id, "cut", (int)detail->is_cut, "auto_bandwidth",
        auto_bandwidth_json(detail), "reported",
        parts_json(detail, detail->instances, detail->instance_count, instance_json),
        "associations",
        parts_json(detail, detail->associations, detail->association_count, association_json),
        "history", history_json(detail));
    if (json != NULL && more != NULL && json_object_update(json, more) == 0) {
        json_decref(more);
        return json;
    }
    json_decref(json);
    json_decref(more);
    return NULL;
}

json_t *pcc_json_row(const struct pcc_view *view)
{
    json_t *up = view->is_up ? json_real(json_seconds(view->up_ns)) : json_null();
    return json_pack("{s:o,s:b,s:o,s:o,s:b,s:b,s:i,s:i,s:i}", "address",
                     json_address(&view->address), "up", (int)view->is_up, "up_s", up, "sync",
                     lsp_text_json(sync_texts, COUNT(sync_texts), view->sync), "may_update",
                     (int)view->session.may_update, "may_initiate", (int)view->session.may_initiate,
                     "lsps", (int)view->lsp_count, "stale_lsps", (int)view->stale_count, "sessions",
                     (int)view->session_number);
}
