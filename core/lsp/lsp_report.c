/* One report: which LSP it is of, and what it changes. */
#include "core/base/check.h"
#include "core/lsp/lsp_association.h"
#include "core/lsp/lsp_auto_bandwidth.h"
#include "core/lsp/lsp_color.h"
#include "core/lsp/lsp_db_impl.h"
#include "core/lsp/lsp_identifiers.h"
#include "core/lsp/lsp_instance.h"
#include "core/lsp/lsp_octets.h"
#include "core/lsp/sr_policy.h"
#include "core/pcep/model.h"

/* What a report says about itself. */
struct lsp_report_key {
    struct wire_span name; /* octets NULL: it has none; of a twin: as it is named here */
    uint8_t said_size;     /* of the name, as the report has it */
    struct ip endpoint;    /* of LSP-IDENTIFIERS; IP_NONE: it has none */
    uint64_t name_hash;    /* of a new LSP */
    uint32_t plsp_id;
    uint32_t srp_id;
    uint16_t flags;
    uint16_t lsp_id;
    bool is_removal;
    bool removes_all; /* instances */
};

static void report_refuse(struct pcep_fault *fault, const struct lsp_report *report,
                          enum pcep_error_code error, const char *reason)
{
    pcep_fault_set(fault, PCEP_FAULT_REQUEST, error, report->lsp->offset, reason);
}

/* ---- what it is of ---- */

static void report_read_tlv(const struct pcep_tlv *tlv, struct lsp_report_key *key)
{
    if (tlv->row == NULL)
        return;
    if (tlv->row->id == PCEP_TLV_SYMBOLIC_PATH_NAME && key->name.octets == NULL)
        key->name = (struct wire_span){tlv->octets, tlv->size};
    else if (tlv->row->id == PCEP_TLV_IPV4_LSP_IDENTIFIERS ||
             tlv->row->id == PCEP_TLV_IPV6_LSP_IDENTIFIERS) {
        const struct pcep_ipv4_lsp_identifiers *identifiers = tlv->body;
        key->lsp_id = identifiers->lsp_id;
        key->endpoint = identifiers->endpoint;
    }
}

/* R in the LSP removes the instance that LSP-IDENTIFIERS names, and all of them where these are
 * zero (RFC 8231 7.3). R in the SRP says that the LSP was deleted (RFC 8281 5.4), and
 * some PCCs say so there alone. */
static struct lsp_report_key report_key_of(const struct lsp_report *report)
{
    const struct pcep_lsp *lsp = report->lsp->body;
    const struct pcep_object *object;
    struct lsp_report_key key = {.plsp_id = lsp->plsp_id, .flags = lsp->flags};
    for (uint32_t i = 0; i < report->lsp->tlv_count; i++)
        report_read_tlv(&report->lsp->tlvs[i], &key);
    key.said_size = (uint8_t)key.name.size; /* key_is_sound refuses a longer one */
    key.is_removal = (lsp->flags & PCEP_LSP_R) != 0;
    key.removes_all = key.is_removal && key.lsp_id == 0;
    if (pcep_get(report->state->srp, &object)) {
        const struct pcep_srp *srp = object->body;
        key.srp_id = srp->srp_id;
        key.removes_all |= (srp->flags & PCEP_SRP_R) != 0;
        key.is_removal |= key.removes_all;
    }
    return key;
}

/* The numbers and the name alone. */
static bool key_is_sound(const struct lsp_report *report, const struct lsp_report_key *key,
                         struct pcep_fault *fault)
{
    /* RFC 8231 7.3 reserves both and names no error: the object is malformed. */
    if (key->plsp_id == 0 || key->plsp_id == PCEP_PLSP_ID_MAX)
        report_refuse(fault, report, PCEP_ERROR_MALFORMED_OBJECT, "reserved PLSP-ID");
    /* RFC 8231 7.3.2: at least an octet. */
    else if (key->name.octets != NULL && key->name.size == 0)
        report_refuse(fault, report, PCEP_ERROR_MALFORMED_OBJECT, "SYMBOLIC-PATH-NAME is empty");
    /* Our limit, and not the PCC's mistake: the error is for reports that are valid otherwise. */
    else if (key->name.size > LSP_NAME_MAX)
        report_refuse(fault, report, PCEP_ERROR_REPORT_NOT_PROCESSED,
                      "SYMBOLIC-PATH-NAME is longer than 255 octets");
    return !pcep_fault_is_set(fault);
}

static bool has_name(const struct lsp *lsp, struct wire_span name)
{
    return lsp->said_size == name.size && memcmp(lsp->name, name.octets, name.size) == 0;
}

/* Another PLSP-ID of this session has it. A binding that an earlier session has left may be
 * replaced (RFC 8232 3.2). */
static bool report_is_taken(const struct lsp_pcc *pcc, const struct lsp *lsp)
{
    return lsp_is_bound(lsp) && lsp->bound_in == pcc->number;
}

static bool ends_at(const struct lsp *lsp, const struct ip *endpoint)
{
    const struct lsp_identifiers ids = lsp_identifiers_of(lsp_first_instance(lsp));
    return ip_is_equal(&ids.destination, endpoint);
}

/* NAME@ENDPOINT; empty: it is too long. */
static struct wire_span twin_name_of(const struct lsp_report_key *key, char name[LSP_NAME_MAX])
{
    char address[IP_TEXT_SIZE];
    struct wire_writer writer = wire_writer_init(name, LSP_NAME_MAX);
    (void)ip_format(&key->endpoint, address);
    wire_put_octets(&writer, key->name.octets, key->name.size);
    wire_put_u8(&writer, '@');
    wire_put_octets(&writer, address, strlen(address));
    if (writer.failed)
        return (struct wire_span){NULL, 0};
    return (struct wire_span){(const uint8_t *)name, wire_written(&writer)};
}

/* Which of the LSPs of its name the report is of, by its endpoint: a twin that is known, else the
 * one that has the name alone, unless another PLSP-ID and another endpoint have that. The key names
 * the one that it is. */
static struct lsp *find_twin(struct lsp_pcc *pcc, struct lsp_report_key *key, char *name)
{
    struct lsp *lsp = lsp_pcc_find_name(pcc, key->name);
    const struct wire_span twin_name = twin_name_of(key, name);
    struct lsp *twin = twin_name.size == 0 ? NULL : lsp_pcc_find_name(pcc, twin_name);
    const bool is_other = lsp != NULL && report_is_taken(pcc, lsp) && !ends_at(lsp, &key->endpoint);
    if (twin == NULL && (!is_other || twin_name.size == 0))
        return lsp;
    key->name = twin_name;
    return twin;
}

/* The LSP of a name, which no other PLSP-ID of this session may have. twin: room for the name of
 * one. */
static struct lsp *find_named(struct lsp_pcc *pcc, const struct lsp_report *report,
                              struct lsp_report_key *key, char *twin, struct pcep_fault *fault)
{
    const bool may_be_twin = pcc->session.has_twins && key->endpoint.family != IP_NONE;
    struct lsp *lsp = may_be_twin ? find_twin(pcc, key, twin) : NULL;
    key->name_hash = lsp_pcc_name_hash(key->name);
    if (!may_be_twin)
        lsp = lsp_pcc_find_hashed(pcc, key->name, key->name_hash);
    /* RFC 8231 7.3.2: names are unique in the PCC. The error is what RFC 8281 has for that. */
    if (lsp == NULL || !report_is_taken(pcc, lsp))
        return lsp;
    if (!key->is_removal)
        report_refuse(fault, report, PCEP_ERROR_PATH_NAME_IN_USE,
                      "SYMBOLIC-PATH-NAME is that of another PLSP-ID");
    return NULL;
}

/* NULL without a fault: a new one. */
static struct lsp *find_lsp(struct lsp_pcc *pcc, const struct lsp_report *report,
                            struct lsp_report_key *key, char *twin, struct pcep_fault *fault)
{
    struct lsp *lsp = lsp_pcc_find_plsp_id(pcc, key->plsp_id);
    const bool is_named = key->name.octets != NULL;
    if (lsp == NULL && is_named)
        return find_named(pcc, report, key, twin, fault);
    if (lsp == NULL) {
        /* RFC 8231 7.3.2: the first report of a session has it. A removal of what nobody knows is
         * one all the same. */
        if (!key->is_removal)
            report_refuse(fault, report, PCEP_ERROR_SYMBOLIC_PATH_NAME_MISSING,
                          "SYMBOLIC-PATH-NAME missing in a first report");
        return NULL;
    }
    if (!is_named || has_name(lsp, key->name))
        return lsp;
    if (lsp->bound_in < pcc->number)
        return find_named(pcc, report, key, twin, fault);
    /* RFC 8231 7.3.2: the name remains for the life of the LSP. No RFC names an error. */
    report_refuse(fault, report, PCEP_ERROR_REPORT_NOT_PROCESSED,
                  "PLSP-ID is that of another SYMBOLIC-PATH-NAME");
    return lsp;
}

/* Everything about the report at hand. */
struct lsp_taking {
    struct lsp_pcc *pcc;
    const struct lsp_report *report;
    struct lsp_report_key key;
    struct lsp_cause cause;
    char twin[LSP_NAME_MAX]; /* the name of the key, where it is that of a twin */
    bool is_adjusted;        /* set when its state is taken */
};

/* ---- removal ---- */

static void drop_one(struct lsp_db *db, struct lsp *lsp, struct lsp_instance **place,
                     const struct lsp_cause *cause)
{
    lsp_db_gauge(db, lsp, -1);
    lsp_instance_drop(db, lsp->pcc, place);
    lsp_db_gauge(db, lsp, 1);
    lsp_db_note(db, lsp->pcc, lsp, LSP_PATH_CHANGED, cause);
}

/* RFC 8231 7.3: R removes all of an LSP, and one path alone where it is signalled by RSVP-TE: only
 * there an LSP-ID means something. Routers that number the paths of segment routing too remove one
 * of several that are known. */
static bool removal_is_of_all(const struct lsp *lsp, const struct lsp_report_key *key,
                              bool is_known, uint8_t setup_type)
{
    if (key->removes_all || (is_known && lsp->instances->next == NULL))
        return true;
    return !is_known && (setup_type != PCEP_PST_RSVP_TE ||
                         lsp->instances->summary.setup_type != PCEP_PST_RSVP_TE);
}

/* Returns the LSP, or NULL when it is gone. */
static struct lsp *report_take_removal(struct lsp_db *db, struct lsp *lsp,
                                       const struct lsp_taking *taking)
{
    const struct lsp_report_key *const key = &taking->key;
    struct lsp_instance **place = &lsp->instances;
    CHECK(lsp->instances != NULL); /* one that is known has been reported */
    while (*place != NULL && (*place)->lsp_id != key->lsp_id)
        place = &(*place)->next;
    if (removal_is_of_all(lsp, key, *place != NULL, taking->report->state->setup_type)) {
        db->counters.lsps_removed++;
        lsp_db_remove(db, lsp, &taking->cause);
        return NULL;
    }
    if (*place != NULL)
        drop_one(db, lsp, place, &taking->cause);
    return lsp;
}

/* ---- state ---- */

/* RFC 8231 5.4: without the capability on both sides nothing is delegated. */
static uint8_t delegation_of(const struct lsp_pcc *pcc, uint16_t flags)
{
    return (flags & PCEP_LSP_D) != 0 && pcc->session.may_update ? LSP_IS_DELEGATED
                                                                : LSP_NOT_DELEGATED;
}

static struct lsp *make_lsp(struct lsp_db *db, struct lsp_pcc *pcc,
                            const struct lsp_report_key *key, struct mono now)
{
    const size_t size = offsetof(struct lsp, name) + key->name.size;
    CHECK(key->name.octets != NULL); /* a first report without a name is refused */
    struct lsp *lsp = lsp_db_alloc(db, pcc, size);
    if (lsp == NULL)
        return NULL;
    memset(lsp, 0, offsetof(struct lsp, name));
    lsp->name_size = (uint8_t)key->name.size;
    lsp->said_size = key->said_size;
    memcpy(lsp->name, key->name.octets, key->name.size);
    lsp->pcc = pcc;
    lsp->created = now;
    lsp->created_in = pcc->number;
    lsp->epoch = pcc->epoch;
    lsp->generation = db->generation + 1 == 0 ? 1 : db->generation + 1;
    if (lsp_slots_take(&db->slots, lsp, &lsp->slot) != PCE_OK) {
        lsp_db_free(db, pcc, lsp, size);
        return NULL;
    }
    if (lsp_pcc_add(pcc, lsp, key->name_hash) != PCE_OK) {
        lsp_slots_release(&db->slots, lsp->slot);
        lsp_db_free(db, pcc, lsp, size);
        return NULL;
    }
    db->generation = lsp->generation;
    db->counters.lsps++;
    db->counters.lsps_created++;
    return lsp;
}

static void set_delegation(struct lsp_db *db, struct lsp *lsp, uint8_t delegation,
                           const struct lsp_cause *cause)
{
    if (lsp->delegation == delegation)
        return;
    lsp_db_gauge(db, lsp, -1);
    lsp->delegation = delegation;
    lsp_db_gauge(db, lsp, 1);
    lsp_db_note(db, lsp->pcc, lsp, delegation == LSP_IS_DELEGATED ? LSP_DELEGATED : LSP_RETURNED,
                cause);
}

/* An instance takes this place, and what was there goes; that of NULL is a new one, and comes
 * first. Returns whether the intended path is the same. */
static bool put_instance(struct lsp_db *db, struct lsp *lsp, struct lsp_instance **place,
                         struct lsp_instance *instance)
{
    if (*place == NULL) {
        instance->next = lsp->instances;
        lsp->instances = instance;
        return false;
    }
    const bool is_same = lsp_instance_paths_equal(*place, instance);
    instance->next = (*place)->next;
    lsp_instance_drop(db, lsp->pcc, place);
    *place = instance;
    return is_same;
}

/* A known LSP with something new: what it is, is told one by one. */
static void change_instance(struct lsp_db *db, struct lsp *lsp, struct lsp_instance *instance,
                            const struct lsp_cause *cause)
{
    const unsigned state = lsp_operational(lsp);
    lsp_db_gauge(db, lsp, -1);
    const bool is_same_path =
        put_instance(db, lsp, lsp_instance_place(lsp, instance->lsp_id), instance);
    lsp_db_gauge(db, lsp, 1);
    const bool is_same_state = lsp_operational(lsp) == state;
    if (!is_same_path)
        lsp_db_note(db, lsp->pcc, lsp, LSP_PATH_CHANGED, cause);
    if (!is_same_state)
        lsp_db_note(db, lsp->pcc, lsp, LSP_STATE_CHANGED, cause);
    if (is_same_path && is_same_state)
        lsp_db_note(db, lsp->pcc, lsp, LSP_ATTRIBUTES_CHANGED, cause);
}

/* Room for the instance, which is counted by now, and for a new LSP with it. One that is no larger
 * than what it replaces needs none: at the limit what is there goes on. */
static bool report_fits(struct lsp_db *db, struct lsp *lsp, const struct lsp_taking *taking,
                        const struct lsp_instance *instance)
{
    struct lsp_need need = {.pcc = taking->pcc, .lsp = lsp};
    if (lsp == NULL) {
        need.size = offsetof(struct lsp, name) + taking->key.name.size;
    } else {
        const struct lsp_instance *old = *lsp_instance_place(lsp, taking->key.lsp_id);
        need.freed = old == NULL ? 0 : lsp_instance_size(old->size);
        if (lsp_instance_size(instance->size) <= need.freed)
            return true;
    }
    const enum lsp_limit limit = lsp_db_make_room(db, &need, taking->cause.now);
    if (limit == LSP_LIMIT_COUNT)
        return true;
    lsp_db_hit(db, taking->pcc, limit);
    return false;
}

/* What needs memory comes first, so that nothing has changed when there is none. */
static enum pce_status take_news(struct lsp_db *db, struct lsp **lsp, struct lsp_taking *taking)
{
    const bool is_new = *lsp == NULL;
    struct lsp_instance *instance = lsp_instance_make(db, taking->pcc, *lsp, taking->report);
    if (instance == NULL)
        return PCE_NO_MEMORY;
    if (!report_fits(db, *lsp, taking, instance)) {
        lsp_instance_drop(db, taking->pcc, &instance);
        return PCE_LIMIT;
    }
    instance->lsp_id = taking->key.lsp_id;
    instance->epoch = taking->pcc->epoch;
    if (is_new)
        *lsp = make_lsp(db, taking->pcc, &taking->key, taking->cause.now);
    if (*lsp == NULL) {
        lsp_instance_drop(db, taking->pcc, &instance);
        return PCE_NO_MEMORY;
    }
    if (!is_new) {
        change_instance(db, *lsp, instance, &taking->cause);
        return PCE_OK;
    }
    (*lsp)->instances = instance;
    (*lsp)->delegation = delegation_of(taking->pcc, taking->key.flags);
    lsp_db_gauge(db, *lsp, 1);
    return PCE_OK;
}

/* The PLSP-ID of this session, and that it was seen. */
static enum pce_status take_binding(struct lsp_db *db, struct lsp *lsp, struct lsp_taking *taking)
{
    struct lsp_pcc *pcc = taking->pcc;
    if (!lsp_is_bound(lsp) || lsp->plsp_id != taking->key.plsp_id) {
        struct lsp *other = lsp_pcc_find_plsp_id(pcc, taking->key.plsp_id);
        if (other != NULL)
            lsp_pcc_unbind(pcc, other);
        enum pce_status status = lsp_pcc_bind(pcc, lsp, taking->key.plsp_id);
        if (status != PCE_OK)
            return status;
    }
    lsp->bound_in = pcc->number;
    lsp_db_refresh(db, lsp);
    return PCE_OK;
}

/* Whether that was enough is seen when each group is joined. */
static void report_make_room_for_groups(struct lsp_db *db, const struct lsp *lsp,
                                        const struct lsp_taking *taking)
{
    if (taking->report->state->association_count == 0)
        return;
    const struct lsp_need need = {
        .pcc = taking->pcc, .lsp = lsp, .size = lsp_associations_size(lsp, taking->report)};
    if (need.size > 0)
        (void)!lsp_db_make_room(db, &need, taking->cause.now);
}

static enum pce_status report_take_state(struct lsp_db *db, struct lsp **lsp,
                                         struct lsp_taking *taking)
{
    const bool is_new = *lsp == NULL;
    struct lsp_instance *known = is_new ? NULL : *lsp_instance_place(*lsp, taking->key.lsp_id);
    enum pce_status status = PCE_OK;
    if (known != NULL && known->lsp_id == taking->key.lsp_id &&
        lsp_instance_is(taking->pcc, known, taking->report))
        known->epoch = taking->pcc->epoch;
    else
        status = take_news(db, lsp, taking);
    if (status != PCE_OK)
        return status;
    bool has_other_groups = false;
    report_make_room_for_groups(db, *lsp, taking);
    status = lsp_associations_take(db, *lsp, taking->report, &has_other_groups);
    if (status == PCE_OK && (*lsp)->instances->lsp_id == taking->key.lsp_id)
        taking->is_adjusted = lsp_auto_bandwidth_take(db, *lsp, taking->report);
    if (status == PCE_OK)
        status = take_binding(db, *lsp, taking);
    if (is_new)
        lsp_db_note(db, taking->pcc, *lsp, LSP_CREATED, &taking->cause);
    else if (has_other_groups)
        lsp_db_note(db, taking->pcc, *lsp, LSP_ASSOCIATION_CHANGED, &taking->cause);
    set_delegation(db, *lsp, delegation_of(taking->pcc, taking->key.flags), &taking->cause);
    return status;
}

/* What one LSP may have: refused for this LSP alone. */
static bool check_limits(struct lsp_db *db, struct lsp *lsp, const struct lsp_taking *taking,
                         struct pcep_fault *fault)
{
    if (lsp != NULL && *lsp_instance_place(lsp, taking->key.lsp_id) == NULL &&
        !lsp_instance_fits(lsp)) {
        db->counters.lsp_limit_instances++;
        report_refuse(fault, taking->report, PCEP_ERROR_REPORT_NOT_PROCESSED,
                      "too many instances of one LSP");
    } else if (!lsp_associations_fit(db, lsp, taking->report)) {
        /* RFC 8697 6.4 */
        db->counters.lsp_limit_associations++;
        report_refuse(fault, taking->report, PCEP_ERROR_ASSOCIATION_TOO_MANY_GROUPS,
                      "too many association groups of one LSP");
    }
    return !pcep_fault_is_set(fault) && sr_policy_fits(lsp, taking->report, fault) &&
           lsp_color_fits(db, taking->pcc, lsp, taking->report, fault);
}

static enum pce_status take_known(struct lsp_db *db, struct lsp *lsp, struct lsp_taking *taking,
                                  struct lsp_outcome *outcome)
{
    const uint32_t srp_id = taking->key.srp_id;
    outcome->was_delegated =
        lsp != NULL && lsp->delegation == LSP_IS_DELEGATED && lsp_is_bound(lsp);
    enum pce_status status = PCE_OK;
    if (!taking->key.is_removal)
        status = report_take_state(db, &lsp, taking);
    else if (lsp != NULL)
        lsp = report_take_removal(db, lsp, taking);
    if (status != PCE_OK)
        return status;
    if (lsp != NULL && srp_id != 0)
        lsp->srp_id = srp_id;
    outcome->lsp = lsp;
    outcome->is_adjusted = taking->is_adjusted;
    if (srp_id != 0 && db->events->on_answer != NULL)
        db->events->on_answer(db, taking->pcc, lsp, taking->report);
    return PCE_OK;
}

enum pce_status lsp_db_report(struct lsp_db *db, struct lsp_pcc *pcc,
                              const struct lsp_report *report, struct lsp_outcome *outcome,
                              struct pcep_fault *fault)
{
    struct lsp_taking taking; /* the name of a twin need not be cleared */
    taking.pcc = pcc;
    taking.report = report;
    taking.is_adjusted = false;
    taking.key = report_key_of(report);
    CHECK(pcc->is_up);
    taking.cause =
        (struct lsp_cause){.now = report->now, .srp_id = taking.key.srp_id, .by = LSP_BY_PCC};
    if (!key_is_sound(report, &taking.key, fault))
        return PCE_INVALID;
    struct lsp *lsp = find_lsp(pcc, report, &taking.key, taking.twin, fault);
    if (pcep_fault_is_set(fault) ||
        (!taking.key.is_removal && !check_limits(db, lsp, &taking, fault)))
        return PCE_INVALID;
    const uint64_t changes = db->journal.next;
    enum pce_status status = take_known(db, lsp, &taking, outcome);
    if (status != PCE_OK)
        return status;
    pcc->sync_reports += pcc->sync == LSP_SYNC_RUNNING;
    if (db->journal.next == changes)
        db->counters.reports_unchanged++;
    else
        db->counters.reports_changed++;
    return PCE_OK;
}
