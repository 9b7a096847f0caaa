#include "server/settings/hold_check.h"

#include "core/session/send_hold.h"

#include <stdio.h>

/* The two values that belong together. */
struct hold_pair {
    uint32_t send_hold_s;
    uint32_t dead_timer_s;
};

static struct hold_pair pair_of(const struct config *config)
{
    return (struct hold_pair){config->session.send_hold_s, config->session.dead_timer_s};
}

static bool is_short(struct hold_pair pair)
{
    return send_hold_is_short(pair.send_hold_s, 0, (uint8_t)pair.dead_timer_s);
}

static bool hold_is_equal(struct hold_pair one, struct hold_pair other)
{
    return one.send_hold_s == other.send_hold_s && one.dead_timer_s == other.dead_timer_s;
}

/* What only repeats the value that it inherits is no finding of its own. */
static bool is_new(struct hold_pair pair, struct hold_pair inherited)
{
    return is_short(pair) && !hold_is_equal(pair, inherited);
}

static struct hold_pair with(struct config *scratch, struct hold_pair inherited,
                             const struct config_overrides *own)
{
    scratch->session.send_hold_s = inherited.send_hold_s;
    scratch->session.dead_timer_s = inherited.dead_timer_s;
    config_override(scratch, own);
    return pair_of(scratch);
}

static struct hold_finding finding_of(struct hold_pair pair)
{
    return (struct hold_finding){.send_hold_s = pair.send_hold_s,
                                 .dead_timer_s = pair.dead_timer_s};
}

static void check_group(struct config *scratch, struct hold_pair defaults,
                        const struct config_group *group, hold_finding_fn *tell, void *context)
{
    struct hold_pair pair = with(scratch, defaults, &group->own);
    if (!is_new(pair, defaults))
        return;
    struct hold_finding finding = finding_of(pair);
    (void)snprintf(finding.where, sizeof finding.where, "peer-groups: %s", group->name);
    tell(context, &finding);
}

static void hold_check_peers(const struct config *config, struct config *scratch,
                             hold_finding_fn *tell, void *context)
{
    struct hold_finding finding = {.where = ""};
    for (uint32_t i = 0; i < config->lists->peer_count; i++) {
        const struct config_peer *peer = &config->lists->peers[i];
        struct hold_pair inherited = pair_of(config);
        if (peer->group != CONFIG_NO_GROUP)
            inherited = with(scratch, inherited, &config->lists->groups[peer->group].own);
        struct hold_pair pair = with(scratch, inherited, &peer->own);
        if (!is_new(pair, inherited))
            continue;
        if (finding.where[0] != '\0') {
            finding.more++;
            continue;
        }
        char ip[IP_TEXT_SIZE];
        finding = finding_of(pair);
        (void)snprintf(finding.where, sizeof finding.where, "peers: %s/%u",
                       ip_format(&peer->prefix.ip, ip), peer->prefix.bits);
    }
    if (finding.where[0] != '\0')
        tell(context, &finding);
}

void hold_check(const struct config *config, hold_finding_fn *tell, void *context)
{
    static struct config scratch; /* large; the main thread's */
    struct hold_pair defaults = pair_of(config);
    if (is_short(defaults)) {
        struct hold_finding finding = finding_of(defaults);
        (void)snprintf(finding.where, sizeof finding.where, "session");
        tell(context, &finding);
    }
    if (config->lists == NULL)
        return;
    scratch = *config;
    for (uint32_t i = 0; i < config->lists->group_count; i++)
        check_group(&scratch, defaults, &config->lists->groups[i], tell, context);
    hold_check_peers(config, &scratch, tell, context);
}

void hold_format(const struct hold_finding *finding, char *text, size_t size)
{
    char more[32] = "";
    if (finding->more > 0)
        (void)snprintf(more, sizeof more, " and %u more", finding->more);
    (void)snprintf(text, size, "%s%s: send-hold (%u s) is not longer than dead-timer (%u s)",
                   finding->where, more, finding->send_hold_s, finding->dead_timer_s);
}
