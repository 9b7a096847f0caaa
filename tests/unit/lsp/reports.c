/* What a report makes of the database. */
#include "core/lsp/lsp_association.h"
#include "core/lsp/lsp_history.h"
#include "core/lsp/lsp_octets.h"
#include "core/pcep/model.h"
#include "tests/lib/lsp_reports.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct lsp_rig rig;
static struct lsp_pcc *pcc;

static const struct lsp_limits limits = {
    .lsps_max = 8, .octets_max = 100000, .lsps_per_pcc_max = 6, .stale_s = 600, .record_max = 64};

static void set_up(void)
{
    lsp_rig_init(&rig, &limits);
    pcc = lsp_rig_up(&rig, 1, true);
    cr_assert_not_null(pcc);
}

static void tear_down(void)
{
    lsp_rig_fini(&rig);
}

TestSuite(reports, .init = set_up, .fini = tear_down, .timeout = 60);

#define UP     (PCEP_LSP_A | PCEP_LSP_UP << PCEP_LSP_O_SHIFT)
#define DOWN   (PCEP_LSP_A | PCEP_LSP_DOWN << PCEP_LSP_O_SHIFT)
#define RSVP_A .has_identifiers = true, .endpoint = 0x0a000004

static enum pce_status take(const struct lsp_report_spec *spec)
{
    return lsp_rig_report(&rig, pcc, spec);
}

static struct lsp *find(const char *name)
{
    return lsp_pcc_find_name(pcc, (struct wire_span){(const uint8_t *)name, strlen(name)});
}

static void expect_fault(uint8_t type, uint8_t value)
{
    cr_expect_eq(rig.fault.error_type, type, "%u/%u: %s", rig.fault.error_type,
                 rig.fault.error_value, rig.fault.reason);
    cr_expect_eq(rig.fault.error_value, value, "%u/%u: %s", rig.fault.error_type,
                 rig.fault.error_value, rig.fault.reason);
    cr_expect_eq(rig.fault.scope, PCEP_FAULT_REQUEST);
}

Test(reports, a_first_report_makes_an_lsp)
{
    const struct lsp_report_spec spec = {.plsp_id = 7,
                                         .name = "paris",
                                         .flags = UP | PCEP_LSP_S | PCEP_LSP_D,
                                         .setup_type = 1,
                                         .segments = {16001, 16002},
                                         .bandwidth = 1000};
    cr_assert_eq(take(&spec), PCE_OK);
    const struct lsp *lsp = find("paris");
    cr_assert_not_null(lsp);
    cr_expect_eq(lsp_pcc_find_plsp_id(pcc, 7), lsp);
    cr_expect_eq(lsp_db_get(&rig.db, lsp_handle_of(lsp)), lsp);
    cr_expect_eq(lsp->delegation, LSP_IS_DELEGATED);
    const struct lsp_summary *summary = &lsp_first_instance(lsp)->summary;
    cr_expect_eq(summary->flags, UP | PCEP_LSP_D, "the S flag is of the report");
    cr_expect_eq(summary->setup_type, 1);
    cr_expect_float_eq((double)summary->bandwidth, 1000.0, 0.1);
    cr_expect_eq(summary->path_size, 4 + 2 * 8);
    cr_expect_not(lsp_is_stale(lsp));
    cr_expect_eq(rig.db.counters.lsps, 1);
    cr_expect_eq(rig.db.counters.lsps_up, 1);
    cr_expect_eq(rig.db.counters.lsps_delegated, 1);
}

/* The octets are those of the message from the LSP object on, S flag and version apart. */
Test(reports, the_octets_of_a_report_are_kept)
{
    const struct lsp_report_spec spec = {
        .plsp_id = 7, .name = "paris", .flags = UP, .setup_type = 1, .segments = {16001}, RSVP_A};
    struct lsp_report_spec sent = spec;
    uint8_t restored[256];
    sent.flags |= PCEP_LSP_S;
    sent.version = 42;
    cr_assert_eq(take(&sent), PCE_OK);
    const struct lsp_instance *instance = find("paris")->instances;
    const struct wire_span octets = lsp_rig_write(&rig, &spec);
    const size_t srp = PCEP_HEADER_SIZE + 20;
    cr_assert_eq(lsp_octets_restore(find("paris"), instance, restored), octets.size - srp);
    cr_expect_eq(memcmp(restored, octets.octets + srp, octets.size - srp), 0);
    /* sender, LSP-ID, tunnel-ID, extended tunnel-ID, endpoint */
    cr_expect_eq(instance->summary.identifiers_at, 8 + 4);
    cr_expect_eq(instance->octets[instance->summary.identifiers_at + 12], 10);
    cr_expect_eq(instance->octets[instance->summary.path_at], 7);
}

Test(reports, what_changes_nothing_is_no_news)
{
    static const struct lsp_report_group group = {.type = 2, .id = 9, .source = 0x0a000001};
    struct lsp_report_spec spec = {.plsp_id = 7,
                                   .name = "paris",
                                   .flags = UP | PCEP_LSP_S,
                                   .setup_type = 1,
                                   .segments = {16001},
                                   .groups = &group,
                                   .group_count = 1};
    cr_assert_eq(take(&spec), PCE_OK);
    const uint64_t records = rig.db.journal.next;
    const uint64_t octets = rig.db.counters.lsp_octets;
    spec.flags = UP;
    cr_assert_eq(take(&spec), PCE_OK);
    spec.version = 12;
    cr_assert_eq(take(&spec), PCE_OK);
    cr_expect_eq(rig.db.journal.next, records);
    cr_expect_eq(rig.db.counters.lsp_octets, octets);
    cr_expect_eq(rig.db.counters.reports_unchanged, 2);
    cr_expect_null(find("paris")->history);
}

static enum lsp_change last_change(const char *name)
{
    return (enum lsp_change)lsp_history_at(find(name)->history, 0)->change;
}

Test(reports, what_changes_is_told_and_remembered)
{
    struct lsp_report_spec spec = {
        .plsp_id = 7, .name = "paris", .flags = DOWN, .setup_type = 1, .segments = {16001}};
    cr_assert_eq(take(&spec), PCE_OK);
    spec.name = NULL; /* it need not be told again */
    spec.flags = UP;
    cr_assert_eq(take(&spec), PCE_OK);
    cr_expect_eq(last_change("paris"), LSP_STATE_CHANGED);
    cr_expect_eq(lsp_history_at(find("paris")->history, 1), NULL, "the name is no news");
    spec.segments[0] = 16002;
    cr_assert_eq(take(&spec), PCE_OK);
    cr_expect_eq(last_change("paris"), LSP_PATH_CHANGED);
    spec.bandwidth = 5;
    cr_assert_eq(take(&spec), PCE_OK);
    cr_expect_eq(last_change("paris"), LSP_ATTRIBUTES_CHANGED);
    spec.flags |= PCEP_LSP_D;
    spec.has_srp = true;
    spec.srp_id = 5;
    cr_assert_eq(take(&spec), PCE_OK);
    cr_expect_eq(last_change("paris"), LSP_DELEGATED);
    cr_expect_eq(lsp_history_at(find("paris")->history, 0)->srp_id, 5);
    cr_expect_eq(find("paris")->srp_id, 5);
    spec.flags &= (uint16_t)~PCEP_LSP_D;
    cr_assert_eq(take(&spec), PCE_OK);
    cr_expect_eq(last_change("paris"), LSP_RETURNED);
    cr_expect_eq(rig.db.counters.lsps_delegated, 0);
    spec.setup_type = 3;
    cr_assert_eq(take(&spec), PCE_OK);
    cr_expect_eq(last_change("paris"), LSP_ATTRIBUTES_CHANGED, "the setup type is in the SRP");
    cr_expect_eq(rig.db.counters.lsp_history_unkept, 0);
}

/* ---- make before break ---- */

Test(reports, two_paths_of_an_lsp_stand_side_by_side)
{
    struct lsp_report_spec spec = {
        .plsp_id = 7, .name = "tunnel", .flags = UP, RSVP_A, .lsp_id = 1};
    cr_assert_eq(take(&spec), PCE_OK);
    spec.lsp_id = 2;
    spec.flags = PCEP_LSP_A | PCEP_LSP_GOING_UP << PCEP_LSP_O_SHIFT;
    cr_assert_eq(take(&spec), PCE_OK);
    struct lsp *lsp = find("tunnel");
    cr_expect_eq(rig.db.counters.lsp_instances, 2);
    cr_expect_eq(lsp_first_instance(lsp)->lsp_id, 1, "the one that is up stands for the LSP");
    spec.flags = UP;
    cr_assert_eq(take(&spec), PCE_OK);
    cr_expect_eq(lsp_first_instance(lsp)->lsp_id, 2);
    spec.lsp_id = 1;
    spec.flags |= PCEP_LSP_R;
    cr_assert_eq(take(&spec), PCE_OK);
    cr_expect_eq(rig.db.counters.lsp_instances, 1);
    cr_expect_eq(find("tunnel"), lsp);
    cr_expect_eq(lsp->instances->lsp_id, 2);
    /* A number that nobody knows removes nothing; the last instance takes the LSP along. */
    spec.lsp_id = 9;
    cr_assert_eq(take(&spec), PCE_OK);
    cr_expect_eq(find("tunnel"), lsp);
    spec.lsp_id = 2;
    cr_assert_eq(take(&spec), PCE_OK);
    cr_expect_null(find("tunnel"));
    cr_expect_eq(rig.db.counters.lsp_octets, 0);
}

Test(reports, the_first_lsp_id_replaces_what_was_not_signalled)
{
    struct lsp_report_spec spec = {.plsp_id = 7, .name = "tunnel", .flags = DOWN, RSVP_A};
    cr_assert_eq(take(&spec), PCE_OK);
    spec.lsp_id = 5;
    spec.flags = UP;
    cr_assert_eq(take(&spec), PCE_OK);
    cr_expect_eq(rig.db.counters.lsp_instances, 1);
    cr_expect_eq(find("tunnel")->instances->lsp_id, 5);
    /* LSP-IDs wrap: a smaller one is another instance. */
    spec.lsp_id = 3;
    cr_assert_eq(take(&spec), PCE_OK);
    cr_expect_eq(rig.db.counters.lsp_instances, 2);
}

/* ---- removal ---- */

Test(reports, identifiers_of_zero_or_none_remove_all_instances)
{
    for (unsigned i = 0; i < 3; i++) {
        struct lsp_report_spec spec = {
            .plsp_id = 7, .name = "tunnel", .flags = UP, RSVP_A, .lsp_id = 1};
        cr_assert_eq(take(&spec), PCE_OK);
        spec.lsp_id = 2;
        cr_assert_eq(take(&spec), PCE_OK);
        spec.has_no_ero = true;
        spec.has_identifiers = i == 0;
        spec.lsp_id = 0;
        if (i == 2)
            spec.srp_flags = PCEP_SRP_R; /* and not in the LSP: pcc-mock */
        else
            spec.flags |= PCEP_LSP_R;
        spec.has_srp = i == 2;
        spec.srp_id = 4;
        cr_assert_eq(take(&spec), PCE_OK);
        cr_expect_null(find("tunnel"), "%u", i);
        cr_expect_null(lsp_pcc_find_plsp_id(pcc, 7));
    }
    cr_expect_eq(rig.db.counters.lsps_removed, 3);
    cr_expect_eq(rig.answer_count, 1);
    cr_expect_null(rig.answered);
    cr_expect_eq(rig.db.counters.lsps, 0);
    cr_expect_eq(rig.db.counters.lsps_up, 0);
}

/* RFC 8231 7.3: LSP-IDs are of RSVP-TE. */
Test(reports, segment_routing_is_removed_by_whatever_lsp_id)
{
    struct lsp_report_spec spec = {
        .plsp_id = 7, .name = "policy", .flags = UP, .setup_type = 1, RSVP_A, .lsp_id = 1};
    for (unsigned i = 0; i < 2; i++) {
        spec.flags = UP;
        spec.lsp_id = 1;
        spec.setup_type = 1;
        cr_assert_eq(take(&spec), PCE_OK);
        spec.flags = PCEP_LSP_R;
        spec.lsp_id = 9;
        spec.setup_type = (uint8_t)i; /* a removal may come without an SRP */
        cr_assert_eq(take(&spec), PCE_OK);
        cr_expect_null(find("policy"), "%u", i);
    }
    cr_expect_eq(rig.db.counters.lsps_removed, 2);
}

/* One that numbers the paths of segment routing too takes away the old one of two. */
Test(reports, one_of_two_paths_of_segment_routing_may_be_removed)
{
    struct lsp_report_spec spec = {
        .plsp_id = 7, .name = "policy", .flags = UP, .setup_type = 1, RSVP_A, .lsp_id = 1};
    cr_assert_eq(take(&spec), PCE_OK);
    spec.lsp_id = 2;
    cr_assert_eq(take(&spec), PCE_OK);
    spec.lsp_id = 1;
    spec.flags = PCEP_LSP_R;
    cr_assert_eq(take(&spec), PCE_OK);
    cr_assert_not_null(find("policy"));
    cr_expect_eq(find("policy")->instances->lsp_id, 2);
}

Test(reports, the_removal_of_what_nobody_knows_is_taken)
{
    const struct lsp_report_spec spec = {
        .plsp_id = 7, .flags = PCEP_LSP_R, .has_no_ero = true, .has_srp = true, .srp_id = 3};
    cr_assert_eq(take(&spec), PCE_OK);
    cr_expect_eq(rig.db.counters.lsps, 0);
    cr_expect_eq(rig.answer_count, 1);
}

Test(reports, the_journal_knows_the_name_of_what_is_gone)
{
    struct lsp_report_spec spec = {.plsp_id = 7, .name = "paris", .flags = UP};
    cr_assert_eq(take(&spec), PCE_OK);
    const struct lsp_handle handle = lsp_handle_of(find("paris"));
    spec.flags = PCEP_LSP_R;
    cr_assert_eq(take(&spec), PCE_OK);
    cr_expect_null(lsp_db_get(&rig.db, handle));
    struct journal_record record;
    uint64_t missed;
    uint64_t cursor = rig.db.journal.next - 1;
    cr_assert_eq(journal_read(&rig.db.journal, &cursor, &record, &missed), PCE_OK);
    cr_expect_eq(record.change, LSP_REMOVED);
    const struct wire_span name = journal_name(&rig.db.journal, &record);
    cr_assert_eq(name.size, 5);
    cr_expect_eq(memcmp(name.octets, "paris", 5), 0);
    /* The slot is used again, under another generation. */
    spec.flags = UP;
    cr_assert_eq(take(&spec), PCE_OK);
    cr_expect_eq(find("paris")->slot, handle.slot);
    cr_expect_null(lsp_db_get(&rig.db, handle));
}

/* ---- what is refused, for this LSP alone ---- */

Test(reports, contradictions_are_refused_and_harm_nobody)
{
    static const char long_name[300] = "x";
    static const struct lsp_report_group many[LSP_ASSOCIATIONS_MAX + 1];
    const struct {
        struct lsp_report_spec spec;
        uint8_t type, value;
    } wrong[] = {
        {{.plsp_id = 0, .name = "zero", .flags = UP}, 10, 11},
        {{.plsp_id = 0xFFFFF, .name = "last", .flags = UP}, 10, 11},
        {{.plsp_id = 8, .flags = UP}, 10, 8},
        {{.plsp_id = 8, .name = "paris", .flags = UP}, 23, 1},
        {{.plsp_id = 7, .name = "rome", .flags = UP}, 20, 1},
        {{.plsp_id = 7, .name = "rome", .flags = PCEP_LSP_R}, 20, 1},
        {{.plsp_id = 8, .name = long_name, .name_size = 256, .flags = UP}, 20, 1},
    };
    (void)many;
    const struct lsp_report_spec good = {.plsp_id = 7, .name = "paris", .flags = UP};
    cr_assert_eq(take(&good), PCE_OK);
    const uint64_t records = rig.db.journal.next;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        cr_expect_eq(take(&wrong[i].spec), PCE_INVALID, "%zu", i);
        expect_fault(wrong[i].type, wrong[i].value);
    }
    cr_expect_eq(rig.db.journal.next, records);
    cr_expect_eq(rig.db.counters.lsps, 1);
    cr_expect_eq(lsp_pcc_find_plsp_id(pcc, 7), find("paris"));
    /* The removal of an LSP that was refused does not take the one whose name it has. */
    const struct lsp_report_spec removal = {.plsp_id = 8, .name = "paris", .flags = PCEP_LSP_R};
    cr_expect_eq(take(&removal), PCE_OK);
    cr_expect_not_null(find("paris"));
    cr_expect_eq(take(&good), PCE_OK);
    cr_expect_eq(rig.db.counters.reports_unchanged, 2);
}

Test(reports, an_empty_name_is_refused)
{
    /* The writer makes no such TLV: its length is taken back. */
    struct lsp_report_spec spec = {.plsp_id = 8, .name = "abcd", .flags = UP, .has_no_ero = true};
    struct wire_span octets = lsp_rig_write(&rig, &spec);
    uint8_t message[64];
    memcpy(message, octets.octets, octets.size);
    static const uint8_t ero[] = {7, 0x10, 0, 4};
    message[3] = 20;
    message[7] = 12;
    message[15] = 0;
    memcpy(message + 16, ero, 4);
    struct pcep_message decoded;
    struct pcep_lsp_state_list list;
    struct pcep_fault fault = {0};
    const struct wire_span short_one = {message, 20};
    enum pce_status status = pcep_decode(short_one, &rig.arena, &decoded, &fault);
    cr_assert_eq(status, PCE_OK, "%s", fault.reason);
    cr_assert_eq(pcep_parse_lsp_states(&decoded, &rig.arena, &list, &fault), PCE_OK);
    struct lsp_report report = {.state = &list.states[0], .now = rig.now};
    cr_assert(pcep_get(report.state->lsp, &report.lsp));
    if (list.states[0].fault_count == 0) {
        struct lsp_outcome outcome;
        cr_assert_eq(lsp_db_report(&rig.db, pcc, &report, &outcome, &rig.fault), PCE_INVALID);
        expect_fault(10, 11);
    } else {
        cr_expect_eq(list.states[0].faults[0].error_type, 10);
        cr_expect_eq(list.states[0].faults[0].error_value, 11);
    }
    cr_expect_eq(rig.db.counters.lsps, 0);
}

Test(reports, nothing_is_delegated_without_the_capability)
{
    struct lsp_pcc *other = lsp_rig_up(&rig, 2, false);
    const struct lsp_report_spec spec = {.plsp_id = 1, .name = "a", .flags = UP | PCEP_LSP_D};
    cr_assert_eq(lsp_rig_report(&rig, other, &spec), PCE_OK);
    cr_expect_eq(lsp_pcc_find_plsp_id(other, 1)->delegation, LSP_NOT_DELEGATED);
    cr_expect_null(lsp_pcc_find_plsp_id(pcc, 1), "each PCC has its own");
}

/* ---- limits ---- */

static enum pce_status take_number(struct lsp_pcc *of, uint32_t number)
{
    char name[16];
    (void)snprintf(name, sizeof name, "lsp-%u", number);
    const struct lsp_report_spec spec = {.plsp_id = number, .name = name, .flags = UP};
    return lsp_rig_report(&rig, of, &spec);
}

Test(reports, the_limit_of_a_pcc_is_exact)
{
    for (uint32_t i = 1; i <= 6; i++)
        cr_assert_eq(take_number(pcc, i), PCE_OK);
    cr_expect_eq(take_number(pcc, 7), PCE_LIMIT);
    cr_expect_eq(rig.limit, LSP_LIMIT_PER_PCC);
    cr_expect_eq(rig.db.counters.lsp_limit_per_pcc, 1);
    cr_expect_eq(take_number(pcc, 6), PCE_OK, "what is there goes on");
    cr_expect_eq(rig.db.counters.lsps, 6);
}

Test(reports, the_limit_of_all_counts_those_of_other_shards)
{
    struct lsp_pcc *other = lsp_rig_up(&rig, 2, true);
    rig.db.limits.lsps_elsewhere = 1;
    for (uint32_t i = 1; i <= 4; i++)
        cr_assert_eq(take_number(pcc, i), PCE_OK);
    for (uint32_t i = 1; i <= 3; i++)
        cr_assert_eq(take_number(other, i), PCE_OK);
    cr_expect_eq(take_number(other, 4), PCE_LIMIT);
    cr_expect_eq(rig.limit, LSP_LIMIT_LSPS);
    cr_expect_eq(rig.db.counters.lsp_limit_lsps, 1);
}

Test(reports, the_limit_of_memory_is_exact)
{
    cr_assert_eq(take_number(pcc, 1), PCE_OK);
    const uint64_t one = rig.db.counters.lsp_octets;
    rig.db.limits.octets_max = 2 * one;
    cr_expect_eq(take_number(pcc, 2), PCE_OK);
    cr_expect_eq(rig.db.counters.lsp_octets, rig.db.limits.octets_max);
    cr_expect_eq(take_number(pcc, 3), PCE_LIMIT);
    cr_expect_eq(rig.limit, LSP_LIMIT_MEMORY);
    cr_expect_eq(rig.db.counters.lsp_limit_memory, 1);
    cr_expect_eq(rig.db.counters.lsps, 2);
}

Test(reports, what_grows_no_larger_is_taken_at_the_limit_of_memory)
{
    struct lsp_report_group group = {.type = 6, .id = 9, .source = 0x0a000001, .color = 1};
    struct lsp_report_spec spec = {.plsp_id = 1,
                                   .name = "a",
                                   .flags = UP,
                                   .setup_type = 1,
                                   .segments = {16001, 16002},
                                   .groups = &group,
                                   .group_count = 1};
    cr_assert_eq(take(&spec), PCE_OK);
    rig.db.limits.octets_max = rig.db.counters.lsp_octets;
    spec.segments[1] = 16003;
    cr_expect_eq(take(&spec), PCE_OK, "the same size");
    cr_expect_eq(rig.db.counters.lsp_history_unkept, 1, "there is no room for a history");
    spec.segments[1] = 0;
    cr_expect_eq(take(&spec), PCE_OK, "smaller");
    rig.db.limits.octets_max = 1; /* a reload may take more than there is */
    cr_expect_eq(take(&spec), PCE_OK, "unchanged");
    spec.segments[0] = 16004;
    cr_expect_eq(take(&spec), PCE_OK, "changed");
    cr_expect_eq(rig.limit_count, 0);
    spec.segments[1] = 16005;
    cr_expect_eq(take(&spec), PCE_LIMIT, "larger");
    cr_expect_eq(rig.limit, LSP_LIMIT_MEMORY);
    cr_expect_eq(find("a")->instances->summary.path_size, 4 + 8, "nothing has changed");
}

Test(reports, the_limit_of_instances_is_exact)
{
    struct lsp_report_spec spec = {.plsp_id = 7, .name = "tunnel", .flags = UP, RSVP_A};
    for (spec.lsp_id = 1; spec.lsp_id <= LSP_INSTANCES_MAX; spec.lsp_id++)
        cr_assert_eq(take(&spec), PCE_OK);
    cr_expect_eq(take(&spec), PCE_INVALID);
    expect_fault(20, 1);
    cr_expect_eq(rig.db.counters.lsp_limit_instances, 1);
    spec.lsp_id = 1;
    cr_expect_eq(take(&spec), PCE_OK);
}

/* ---- associations ---- */

Test(reports, groups_are_kept_until_they_are_removed)
{
    struct lsp_report_group groups[] = {{.type = 2, .id = 1, .source = 0x0a000001},
                                        {.type = 6, .id = 1, .source = 0x0a000001, .color = 5}};
    struct lsp_report_spec spec = {
        .plsp_id = 7, .name = "a", .flags = UP, .groups = groups, .group_count = 2};
    cr_assert_eq(take(&spec), PCE_OK);
    spec.plsp_id = 8;
    spec.name = "b";
    groups[1].color = 6; /* another group: the Extended Association ID is part of its name */
    cr_assert_eq(take(&spec), PCE_OK);
    cr_expect_eq(rig.db.counters.lsp_groups, 3);
    const struct lsp_association *shared = find("b")->memberships->next->group;
    cr_expect_eq(shared->member_count, 2);
    /* Later reports tell what has changed: absence is no removal. */
    spec.group_count = 0;
    cr_assert_eq(take(&spec), PCE_OK);
    cr_expect_eq(rig.db.counters.lsp_groups, 3);
    groups[0].is_removed = true;
    spec.group_count = 1;
    cr_assert_eq(take(&spec), PCE_OK);
    cr_expect_eq(last_change("b"), LSP_ASSOCIATION_CHANGED);
    cr_expect_eq(shared->member_count, 1);
    cr_assert_eq(take(&spec), PCE_OK, "it is in it no longer");
    spec.flags = PCEP_LSP_R;
    spec.group_count = 0;
    cr_assert_eq(take(&spec), PCE_OK);
    cr_expect_eq(rig.db.counters.lsp_groups, 2);
}

Test(reports, the_limit_of_groups_is_exact)
{
    struct lsp_report_group groups[LSP_ASSOCIATIONS_MAX + 1];
    for (uint16_t i = 0; i <= LSP_ASSOCIATIONS_MAX; i++)
        groups[i] = (struct lsp_report_group){.type = 2, .id = i, .source = 0x0a000001};
    struct lsp_report_spec spec = {.plsp_id = 7,
                                   .name = "a",
                                   .flags = UP,
                                   .groups = groups,
                                   .group_count = LSP_ASSOCIATIONS_MAX + 1};
    cr_assert_eq(take(&spec), PCE_INVALID);
    expect_fault(26, 3);
    cr_expect_eq(rig.db.counters.lsps, 0);
    spec.group_count = LSP_ASSOCIATIONS_MAX;
    cr_assert_eq(take(&spec), PCE_OK);
    cr_expect_eq(rig.db.counters.lsp_groups, LSP_ASSOCIATIONS_MAX);
    cr_assert_eq(take(&spec), PCE_OK);
    spec.groups = &groups[LSP_ASSOCIATIONS_MAX];
    spec.group_count = 1;
    cr_assert_eq(take(&spec), PCE_INVALID);
    cr_expect_eq(rig.db.counters.lsp_limit_associations, 2);
}

/* The first one counts, whatever else the report says of the group. */
Test(reports, a_group_that_is_listed_twice_is_no_news_the_second_time)
{
    struct lsp_report_group groups[] = {
        {.type = 2, .id = 1, .source = 0x0a000001, .flags = 2},
        {.type = 2, .id = 1, .source = 0x0a000001},
        {.type = 2, .id = 1, .source = 0x0a000001, .is_removed = true}};
    struct lsp_report_spec spec = {
        .plsp_id = 7, .name = "a", .flags = UP, .groups = groups, .group_count = 3};
    cr_assert_eq(take(&spec), PCE_OK);
    cr_assert_not_null(find("a")->memberships);
    cr_expect_null(find("a")->memberships->next);
    const uint64_t records = rig.db.journal.next;
    cr_assert_eq(take(&spec), PCE_OK);
    spec.groups = groups + 1; /* news: other octets */
    spec.group_count = 1;
    cr_assert_eq(take(&spec), PCE_OK);
    cr_expect_eq(rig.db.journal.next, records + 1);
    struct lsp_report_group swapped[] = {groups[2], groups[0]};
    spec.groups = swapped;
    spec.group_count = 2;
    cr_assert_eq(take(&spec), PCE_OK);
    cr_assert_eq(take(&spec), PCE_OK);
    cr_expect_eq(rig.db.journal.next, records + 2);
    cr_expect_eq(rig.db.counters.lsp_groups, 1);
}
