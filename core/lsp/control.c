#include "core/base/check.h"
#include "core/lsp/order_impl.h"
#include "core/pcep/model.h"

#include <stdlib.h>
#include <string.h>

struct control_key {
    const struct lsp_lane *lane;
    struct wire_span name;
};

static uint64_t control_hash(const struct lsp_lane *lane, struct wire_span name)
{
    return map_hash_with(name.octets, name.size, (uint64_t)(uintptr_t)lane);
}

bool control_is_equal(const struct map_node *node, const void *key)
{
    const struct lsp_control *control =
        CONTAINER_OF((struct map_node *)(uintptr_t)node, struct lsp_control, node);
    const struct control_key *wanted = key;
    return control->lane == wanted->lane && control->name_size == wanted->name.size &&
           memcmp(control->name, wanted->name.octets, wanted->name.size) == 0;
}

struct lsp_control *control_find(struct lsp_lane *lane, struct wire_span name)
{
    const struct control_key key = {lane, name};
    if (list_is_empty(&lane->controls) || name.size == 0 || name.size > LSP_COMPOSE_NAME_MAX)
        return NULL;
    struct map_node *node = map_find(&lane->orders->controls, control_hash(lane, name), &key);
    return node == NULL ? NULL : CONTAINER_OF(node, struct lsp_control, node);
}

static struct lsp_control *control_create(struct lsp_lane *lane, struct wire_span name)
{
    struct lsp_orders *orders = lane->orders;
    if (orders->controls.count >= orders->settings.controls_max)
        return NULL;
    struct lsp_control *control = calloc(1, sizeof *control + name.size);
    if (control == NULL)
        return NULL;
    control->lane = lane;
    control->name_size = (uint8_t)name.size;
    memcpy(control->name, name.octets, name.size);
    const struct control_key key = {lane, name};
    if (map_insert(&orders->controls, &control->node, control_hash(lane, name), &key) != PCE_OK) {
        free(control);
        return NULL;
    }
    list_init(&control->orders);
    list_push_back(&lane->controls, &control->link);
    return control;
}

struct lsp_control *control_take(struct lsp_lane *lane, struct wire_span name)
{
    struct lsp_control *control = control_find(lane, name);
    return control != NULL ? control : control_create(lane, name);
}

void control_decide(struct lsp_control *control, enum control_delegation delegation)
{
    struct lsp_lane *lane = control->lane;
    lane->decided_count -= control->delegation != CONTROL_NOT_DECIDED;
    lane->decided_count += delegation != CONTROL_NOT_DECIDED;
    control->delegation = (uint8_t)delegation;
}

static void control_destroy(struct lsp_control *control)
{
    const struct control_key key = {control->lane,
                                    {(const uint8_t *)control->name, control->name_size}};
    (void)map_remove(&control->lane->orders->controls, control->node.hash, &key);
    list_remove(&control->link);
    free(control);
}

void control_tidy(struct lsp_control *control)
{
    bool is_known = control->has_path || control->contests > 0 || control->refusals > 0 ||
                    control->delegation != CONTROL_NOT_DECIDED;
    if (!is_known && list_is_empty(&control->orders))
        control_destroy(control);
}

void control_forget(struct lsp_control *control)
{
    control->has_path = false;
    control->contests = 0;
    control->refusals = 0;
    control_decide(control, CONTROL_NOT_DECIDED);
    control_tidy(control);
}

/* An hour without a contest ends what there was. */
static bool is_peace(const struct lsp_control *control, struct mono now)
{
    return mono_since_ns(now, control->contested) >= LSP_CONTEST_PAUSE_MAX_S * MONO_NS_PER_S;
}

static uint64_t pause_s_of(uint32_t contests)
{
    uint64_t pause_s = LSP_CONTEST_PAUSE_S;
    if (contests < 2)
        return 0;
    for (uint32_t i = 2; i < contests && pause_s < LSP_CONTEST_PAUSE_MAX_S; i++)
        pause_s *= 2;
    return pause_s < LSP_CONTEST_PAUSE_MAX_S ? pause_s : LSP_CONTEST_PAUSE_MAX_S;
}

/* A path that is reported while an order of ours is under way is on its way to ours. An LSP that is
 * down has the path that it was on, or none. */
static bool is_foreign(const struct lsp_control *control, const struct lsp_seen *seen)
{
    unsigned operational = (seen->flags & PCEP_LSP_O) >> PCEP_LSP_O_SHIFT;
    return control->has_path && list_is_empty(&control->orders) && seen->is_newest &&
           (operational == PCEP_LSP_UP || operational == PCEP_LSP_ACTIVE) &&
           seen->path_digest != control->path_digest;
}

void control_judge_path(struct lsp_control *control, const struct lsp_seen *seen, struct mono now)
{
    struct lsp_orders *orders = control->lane->orders;
    if (!is_foreign(control, seen))
        return;
    if (is_peace(control, now))
        control->contests = 0;
    control->contests++;
    control->contested = now;
    control->not_before = mono_add_s(now, pause_s_of(control->contests));
    control->has_path = false; /* until an order of ours has given it one again */
    orders->counters.lsps_contested++;
    if (orders->ops->on_contested != NULL)
        orders->ops->on_contested(orders->owner, control->lane, seen->name, control->contests);
}
