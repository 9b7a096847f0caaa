#include "server/settings.h"

#include "core/base/check.h"

#include <stdlib.h>

struct settings *settings_create(const struct config *config, uint64_t generation)
{
    struct settings *settings = malloc(sizeof *settings);
    if (settings == NULL)
        return NULL;
    settings->generation = generation;
    settings->config = *config;
    return settings;
}

void settings_destroy(void *settings)
{
    free(settings);
}

static struct session_config session_config_of(const struct config *config)
{
    const struct config_session *session = &config->session;
    const struct config_capabilities *capabilities = &config->capabilities;
    return (struct session_config){
        .keepalive_s = (uint8_t)session->keepalive_s,
        .dead_timer_s = (uint8_t)session->dead_timer_s,
        .keepalive_min_s = (uint8_t)session->keepalive_min_s,
        .keepalive_max_s = (uint8_t)session->keepalive_max_s,
        .dead_timer_min_s = (uint8_t)session->dead_timer_min_s,
        .dead_timer_max_s = (uint8_t)session->dead_timer_max_s,
        .allow_keepalive_zero = session->allow_keepalive_zero,
        .open_wait_s = (uint16_t)session->open_wait_s,
        .keep_wait_s = (uint16_t)session->keep_wait_s,
        .unknown_messages_per_minute_max = (uint16_t)session->unknown_messages_per_minute_max,
        .unknown_requests_per_minute_max = (uint16_t)session->unknown_requests_per_minute_max,
        .message_size_max = config->limits.message_size_max,
        .stateful = capabilities->stateful,
        .stateful_update = capabilities->stateful_update,
        .stateful_initiate = capabilities->stateful_initiate,
        .sr_mpls = capabilities->sr_mpls,
        .srv6 = capabilities->srv6,
        .rsvp_te = capabilities->rsvp_te,
    };
}

struct session_settings *session_settings_create(const struct settings *settings)
{
    struct session_settings *made = malloc(sizeof *made);
    if (made == NULL)
        return NULL;
    *made = (struct session_settings){
        .generation = settings->generation,
        .user_count = 1,
        .pending_soft = settings->config.limits.pending_soft,
        .pending_hard = settings->config.limits.pending_hard,
        .session = session_config_of(&settings->config),
    };
    return made;
}

struct session_settings *session_settings_borrow(struct session_settings *settings)
{
    settings->user_count++;
    return settings;
}

void session_settings_release(struct session_settings *settings)
{
    CHECK(settings->user_count > 0);
    if (--settings->user_count == 0)
        free(settings);
}
