#include "tests/unit/intent/rig.h"

#include "core/intent/intent_ero.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

/* ---- what an operator does ---- */

void rig_put_text(const char *name, const char *text)
{
    static const struct intent_limits limits = {8, 8};
    const struct intent_key key = {rig_address(), name};
    struct intent_fault fault;
    struct intent *intent;
    struct intent_record record;
    json_t *json = json_loads(text, 0, NULL);
    cr_assert_not_null(json, "%s", text);
    enum pce_status status = intent_read(json, &key, &limits, &intent, &fault);
    cr_assert_eq(status, PCE_OK, "%s: %s", fault.field, fault.reason);
    json_decref(json);
    cr_assert_null(intents_clash(&world.intents, intent));
    cr_assert_eq(intents_compose(&world.intents, &key.pcc, name, intent, &record), PCE_OK);
    cr_assert_eq(intents_put(&world.intents, &key.pcc, name, &record, world.pcc.now), PCE_OK);
    rig_turn();
}

void rig_put_label(const char *name, uint32_t label)
{
    char text[256];
    (void)snprintf(text, sizeof text,
                   "{\"endpoint\":\"192.0.2.9\",\"paths\":[{\"segments\":[{\"label\":%u}]}]}",
                   label);
    rig_put_text(name, text);
}

void rig_delete_intent(const char *name)
{
    const struct ip pcc = rig_address();
    struct intent_record record;
    cr_assert_eq(intents_compose(&world.intents, &pcc, name, NULL, &record), PCE_OK);
    cr_assert_eq(intents_put(&world.intents, &pcc, name, &record, world.pcc.now), PCE_OK);
    rig_turn();
}

const struct intent_lsp *rig_lsp_of(const char *name)
{
    const struct ip pcc = rig_address();
    return intents_find_lsp(&world.intents, &pcc,
                            (struct wire_span){(const uint8_t *)name, strlen(name)});
}

enum intent_state rig_state_of(const char *name)
{
    const struct intent_lsp *lsp = rig_lsp_of(name);
    return lsp == NULL ? INTENT_STATE_COUNT : (enum intent_state)lsp->sight.state;
}

/* ---- what the PCC does ---- */

void rig_give(const struct lsp_report_spec *spec)
{
    const struct wire_span span = {(const uint8_t *)spec->name, strlen(spec->name)};
    struct lsp_seen seen = {.name = span,
                            .srp_id = spec->srp_id,
                            .flags = spec->flags,
                            .is_gone = (spec->flags & PCEP_LSP_R) != 0,
                            .is_newest = true};
    cr_assert_eq(lsp_rig_report(&world.pcc, world.session, spec), PCE_OK);
    if ((spec->flags & PCEP_LSP_R) == 0) {
        const struct lsp_instance *instance =
            lsp_first_instance(lsp_pcc_find_name(world.session, span));
        const struct wire_span path = {instance->octets + instance->summary.path_at,
                                       instance->summary.path_size};
        cr_assert(intent_digest_of(path, &world.arena, &seen.path_digest));
    }
    lsp_lane_on_report(world.lane, &seen, world.pcc.now);
    reconcile_on_lsp(&world.intents, &world.session->address, span, true);
}

void rig_report(const char *name, uint32_t plsp_id, uint16_t flags, uint32_t label)
{
    const struct lsp_report_spec spec = {.plsp_id = plsp_id,
                                         .name = name,
                                         .flags = flags,
                                         .has_srp = true,
                                         .srp_id = world.srp_id,
                                         .setup_type = 1,
                                         .segments = {label}};
    rig_give(&spec);
    rig_turn();
}

/* As FRR's pathd does: three reports for one order. */
void rig_obey(const char *name, uint32_t plsp_id, uint32_t label)
{
    rig_report(name, plsp_id, DELEGATED, label);
    rig_report(name, plsp_id, DELEGATED | (PCEP_LSP_GOING_UP << PCEP_LSP_O_SHIFT), label);
    rig_report(name, plsp_id, DELEGATED | ACTIVE, label);
}

static void answer_one(const struct rig_asked *asked, uint16_t flags)
{
    const struct wire_span name = {(const uint8_t *)asked->name, strlen(asked->name)};
    const struct lsp *known = lsp_pcc_find_name(world.session, name);
    struct lsp_report_spec spec = {.plsp_id = known == NULL ? ++world.next_plsp_id : known->plsp_id,
                                   .name = asked->name,
                                   .flags = flags,
                                   .has_srp = true,
                                   .srp_id = asked->srp_id,
                                   .setup_type = 1,
                                   .bandwidth = world.is_shy ? 0 : asked->bandwidth};
    memcpy(spec.segments, asked->labels, asked->label_count * sizeof spec.segments[0]);
    rig_give(&spec);
}

void rig_answer(void)
{
    struct rig_asked asked[RIG_ASKED_MAX];
    uint32_t count = world.asked_count;
    memcpy(asked, world.asked, count * sizeof asked[0]);
    world.asked_count = 0;
    for (uint32_t i = 0; i < count; i++)
        answer_one(&asked[i], (uint16_t)(DELEGATED | (asked[i].is_removal ? PCEP_LSP_R : ACTIVE)));
    rig_turn();
}

void rig_report_asked(uint16_t flags)
{
    cr_assert_gt(world.asked_count, 0);
    answer_one(&world.asked[world.asked_count - 1], flags);
    rig_turn();
}

void rig_report_gone(const char *name)
{
    const struct wire_span span = {(const uint8_t *)name, strlen(name)};
    rig_report(name, lsp_pcc_find_name(world.session, span)->plsp_id, DELEGATED | PCEP_LSP_R, 0);
}

void rig_refuse(uint8_t type, uint8_t value, const char *name)
{
    lsp_lane_on_error(world.lane, world.srp_id, type, value, world.pcc.now);
    reconcile_on_lsp(&world.intents, &world.session->address,
                     (struct wire_span){(const uint8_t *)name, strlen(name)}, false);
    rig_turn();
}

void rig_settle(void)
{
    rig_come_up();
    rig_synchronise();
    rig_pass_s(SETTLE_S);
}
