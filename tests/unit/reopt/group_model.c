/* Random failures on random networks, with random groups of LSPs on several shards: no group shares
 * what it must not while paths that do not are there. What is there, all simple paths are asked. */
#include "tests/unit/reopt/group_rig.h"

#include "core/pcep/model.h"
#include "tests/lib/random.h"

#include <criterion/criterion.h>
#include <string.h>

enum { LINK = 1, NODE = 2, SRLG = 4, STRICT = 16 };
enum {
    NODES_MAX = 6,
    PATHS_MAX = 400,
    MEMBERS_MAX = 3,
    NETWORKS = 400,
    EVENTS = 10,
    RESTLESS_TURNS = 120
};

struct model_path {
    uint32_t links; /* bits of pairs of links: both directions are one */
    uint32_t nodes; /* bits */
    uint32_t srlgs; /* bits */
};

static struct random model_random;
static uint32_t real_nodes, members;
static struct model_path paths[MEMBERS_MAX][PATHS_MAX];
static uint32_t path_counts[MEMBERS_MAX];

/* ---- what there is ---- */

/* A path on the way to its end. */
struct model_step {
    uint32_t at;
    uint32_t next_link; /* to be tried */
    struct model_path path;
};

static bool model_may_take(const struct model_step *step, uint32_t link)
{
    return !group_down[link] && group_net.links[link].from == step->at &&
           (step->path.nodes >> group_net.links[link].to & 1) == 0;
}

/* All simple paths of a member. */
static void model_walk(uint32_t member)
{
    struct model_step steps[NODES_MAX + 1];
    uint32_t depth = 1, source = group_lsps[member].source;
    steps[0] = (struct model_step){.at = source, .path = {.nodes = 1U << source}};
    path_counts[member] = 0;
    while (depth > 0) {
        struct model_step *step = &steps[depth - 1];
        if (step->at == group_lsps[member].destination) {
            cr_assert_lt(path_counts[member], PATHS_MAX);
            paths[member][path_counts[member]++] = step->path;
            step->next_link = group_net.link_count;
        }
        while (step->next_link < group_net.link_count && !model_may_take(step, step->next_link))
            step->next_link++;
        if (step->next_link == group_net.link_count) {
            depth--;
            continue;
        }
        const uint32_t link = step->next_link++;
        steps[depth] = (struct model_step){.at = group_net.links[link].to, .path = step->path};
        steps[depth].path.links |= 1U << link / 2;
        steps[depth].path.nodes |= 1U << group_net.links[link].to;
        steps[depth].path.srlgs |= group_net.links[link].srlgs;
        depth++;
    }
}

static uint32_t model_common_ends(uint32_t a, uint32_t b)
{
    const struct group_rig_lsp *x = &group_lsps[a], *y = &group_lsps[b];
    return (1U << x->source | 1U << x->destination) & (1U << y->source | 1U << y->destination);
}

static bool model_is_apart(uint32_t a, const struct model_path *x, uint32_t b,
                           const struct model_path *y, uint32_t flags)
{
    if ((x->links & y->links) != 0)
        return false;
    if ((flags & NODE) != 0 && (x->nodes & y->nodes & ~model_common_ends(a, b)) != 0)
        return false;
    return (flags & SRLG) == 0 || (x->srlgs & y->srlgs) == 0;
}

/* Whether these paths, one of each member, are apart. */
static bool model_are_apart(const uint32_t taken[MEMBERS_MAX], uint32_t flags)
{
    for (uint32_t i = 0; i < members; i++)
        for (uint32_t k = 0; k < i; k++)
            if (!model_is_apart(i, &paths[i][taken[i]], k, &paths[k][taken[k]], flags))
                return false;
    return true;
}

static bool model_exists(uint32_t flags)
{
    uint32_t taken[MEMBERS_MAX] = {0}, at = 0;
    for (uint32_t i = 0; i < members; i++)
        model_walk(i);
    for (uint32_t i = 0; i < members; i++)
        if (path_counts[i] == 0)
            return false;
    while (at < members) { /* all of them, as an odometer counts */
        if (model_are_apart(taken, flags))
            return true;
        for (at = 0; at < members && ++taken[at] == path_counts[at]; at++)
            taken[at] = 0;
    }
    return false;
}

/* ---- what is ---- */

/* False: it has none. */
static bool model_path_of(uint32_t lsp, struct model_path *path)
{
    uint32_t links[2 * NET_LINKS_MAX], count = group_rig_links(lsp, links);
    *path = (struct model_path){.nodes = 1U << group_lsps[lsp].source};
    for (uint32_t i = 0; i < count; i++) {
        cr_assert_lt(links[i], group_net.link_count, "it takes a link that is gone");
        cr_assert_not(group_down[links[i]]);
        path->links |= 1U << links[i] / 2;
        path->nodes |= 1U << group_net.links[links[i]].to;
        path->srlgs |= group_net.links[links[i]].srlgs;
    }
    return group_lsps[lsp].hop_count > 0;
}

static void model_check(uint32_t flags)
{
    bool exists = model_exists(flags), is_strict = (flags & STRICT) != 0;
    struct model_path now[MEMBERS_MAX];
    for (uint32_t i = 0; i < members; i++) {
        bool has_path = group_lsps[i].hop_count > 0;
        if (exists || (!is_strict && path_counts[i] > 0))
            cr_assert(has_path, "an LSP has no path");
        if (!exists || !model_path_of(i, &now[i]))
            continue;
        for (uint32_t k = 0; k < i; k++)
            cr_assert(model_is_apart(i, &now[i], k, &now[k], flags), "two LSPs share");
    }
    if (exists)
        cr_assert_eq(group_rig_group(0, 0)->state, GROUP_IS_MET);
}

/* ---- what happens ---- */

static void model_make_network(void)
{
    real_nodes = 4 + net_below(&model_random, NODES_MAX - 3);
    net_init(&group_net, real_nodes + 2);
    uint32_t wanted = real_nodes + 1 + net_below(&model_random, 4);
    while (group_net.link_count < 2 * wanted) {
        uint32_t a = net_below(&model_random, real_nodes), b = net_below(&model_random, real_nodes);
        if (a == b)
            continue;
        uint32_t link = net_pair(&group_net, a, b, 1 + net_below(&model_random, 4));
        if (net_below(&model_random, 3) == 0)
            group_net.links[link].srlgs = group_net.links[link + 1].srlgs =
                1U << net_below(&model_random, 3);
    }
}

static void model_add_members(uint32_t flags)
{
    members = 2 + (net_below(&model_random, 4) == 0);
    for (uint32_t i = 0; i < members; i++) {
        struct group_rig_lsp *lsp = &group_lsps[i];
        *lsp = (struct group_rig_lsp){.shard = net_below(&model_random, GROUP_RIG_SHARDS),
                                      .is_delegated = true,
                                      .setup_type = PCEP_PST_SR,
                                      .source = net_below(&model_random, real_nodes),
                                      .groups = {{.type = 2, .id = 1, .source = 7}},
                                      .status = -1};
        lsp->groups[0].flags = flags;
        lsp->destination =
            (lsp->source + 1 + net_below(&model_random, real_nodes - 1)) % real_nodes;
        group_rig_report(i);
    }
}

/* Others never compute on the network that is looked at; then it rests. */
static void model_settle(uint32_t flags, bool is_restless)
{
    group_is_restless = is_restless;
    for (unsigned i = 0; i < RESTLESS_TURNS && is_restless; i++)
        group_rig_turn(true);
    if (is_restless)
        model_check(flags);
    group_is_restless = false;
    group_rig_settle();
    model_check(flags);
}

static void model_event(uint32_t flags, bool is_restless)
{
    uint32_t link = 2 * net_below(&model_random, group_net.link_count / 2);
    group_down[link] = group_down[link + 1] = !group_down[link];
    group_mail_room =
        net_below(&model_random, 4) == 0 ? 1 + net_below(&model_random, 3) : GROUP_RIG_MAIL_MAX;
    group_rig_publish();
    model_settle(flags, is_restless);
    group_mail_room = GROUP_RIG_MAIL_MAX;
}

static void model_run(unsigned networks, bool is_restless)
{
    static const uint32_t wanted[] = {LINK, LINK | NODE, LINK | SRLG, LINK | NODE | SRLG};
    for (unsigned i = 0; i < networks; i++) {
        uint32_t flags = wanted[net_below(&model_random, 4)];
        flags |= net_below(&model_random, 3) != 0 ? STRICT : 0;
        model_make_network();
        group_rig_init();
        if (is_restless || net_below(&model_random, 2) == 0)
            group_rig_offload(UINT64_C(1) << net_below(&model_random, 8));
        model_add_members(flags);
        model_settle(flags, is_restless);
        for (unsigned k = 0; k < EVENTS; k++)
            model_event(flags, is_restless);
        group_rig_fini();
    }
}

Test(group_model, no_group_shares_while_it_need_not, .timeout = 280)
{
    model_random = test_random_init("group model", 20261130);
    model_run(NETWORKS, false);
}

Test(group_model, nor_where_no_result_is_of_the_network_at_hand, .timeout = 280)
{
    model_random = test_random_init("restless group model", 20261130);
    model_run(NETWORKS / 2, true);
}
