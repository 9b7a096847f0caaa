#include "core/bgp/restart.h"

static bool restart_settle(struct bgp_restart *restart, enum bgp_table_change what,
                           enum bgp_table_change *change)
{
    restart->phase = BGP_RESTART_FRESH;
    restart->deadline = MONO_NEVER;
    restart->has_told &= what != BGP_TABLE_GONE;
    *change = what;
    return true;
}

bool bgp_restart_on_end(struct bgp_restart *restart, const struct bgp_restart_config *config,
                        uint32_t restart_s, struct mono now, enum bgp_table_change *change)
{
    uint32_t keep_s = restart_s > config->keep_s ? restart_s : config->keep_s;
    if (!restart->has_told)
        return false;
    if (keep_s == 0)
        return restart_settle(restart, BGP_TABLE_GONE, change);
    if (restart->phase == BGP_RESTART_FRESH)
        restart->since = now;
    restart->phase = BGP_RESTART_AWAY;
    restart->deadline = mono_add_s(now, keep_s);
    *change = BGP_TABLE_STALE;
    return true;
}

void bgp_restart_on_established(struct bgp_restart *restart,
                                const struct bgp_restart_config *config, struct mono now)
{
    if (restart->phase == BGP_RESTART_AWAY) {
        restart->phase = BGP_RESTART_RETELLING;
        restart->deadline = mono_add_s(now, config->retell_s);
    }
    restart->has_told = true;
}

bool bgp_restart_on_begin(struct bgp_restart *restart, const struct bgp_restart_config *config,
                          struct mono now, enum bgp_table_change *change)
{
    if (restart->phase == BGP_RESTART_FRESH)
        restart->since = now;
    restart->phase = BGP_RESTART_RETELLING;
    restart->deadline = mono_add_s(now, config->retell_s);
    *change = BGP_TABLE_STALE;
    return true;
}

bool bgp_restart_on_end_of_rib(struct bgp_restart *restart, enum bgp_table_change *change)
{
    if (restart->phase != BGP_RESTART_RETELLING)
        return false;
    return restart_settle(restart, BGP_TABLE_COMPLETE, change);
}

bool bgp_restart_on_time(struct bgp_restart *restart, struct mono now,
                         enum bgp_table_change *change)
{
    if (mono_is_never(restart->deadline) || mono_is_before(now, restart->deadline))
        return false;
    bool is_away = restart->phase == BGP_RESTART_AWAY;
    return restart_settle(restart, is_away ? BGP_TABLE_GONE : BGP_TABLE_COMPLETE, change);
}
