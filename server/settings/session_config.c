#include "server/settings/session_config.h"

#include <stdio.h>

_Static_assert(CONFIG_SPEAKER_ID_MAX == SESSION_SPEAKER_MAX, "what is checked fits");

struct session_config session_config_of(const struct config *config)
{
    const struct config_session *session = &config->session;
    const struct config_capabilities *capabilities = &config->capabilities;
    struct session_config made = {
        .keepalive_s = (uint8_t)session->keepalive_s,
        .dead_timer_s = (uint8_t)session->dead_timer_s,
        .keepalive_min_s = (uint8_t)session->keepalive_min_s,
        .keepalive_max_s = (uint8_t)session->keepalive_max_s,
        .dead_timer_min_s = (uint8_t)session->dead_timer_min_s,
        .dead_timer_max_s = (uint8_t)session->dead_timer_max_s,
        .allow_keepalive_zero = session->allow_keepalive_zero,
        .fixed_timers = !session->negotiate,
        .starttls_refuse = session->starttls == CONFIG_STARTTLS_REFUSE,
        .open_wait_s = (uint16_t)session->open_wait_s,
        .keep_wait_s = (uint16_t)session->keep_wait_s,
        .send_hold_reason = (uint8_t)session->send_hold_reason,
        .unknown_messages_per_minute_max = (uint16_t)session->unknown_messages_per_minute_max,
        .unknown_requests_per_minute_max = (uint16_t)session->unknown_requests_per_minute_max,
        .message_size_max = config->limits.message_size_max,
        .stateful = capabilities->stateful,
        .stateful_update = capabilities->stateful_update,
        .stateful_initiate = capabilities->stateful_initiate,
        .db_version = session->lsp_db_version,
        .resync = session->triggered_resync,
        .triggered_sync = session->triggered_sync,
        .speaker_check = session->speaker_check,
        .auto_bandwidth = session->auto_bandwidth,
        .multipaths = (uint8_t)session->multipaths,
        .color = session->lsp_color,
        .sr_mpls = capabilities->sr_mpls,
        .srv6 = capabilities->srv6,
        .rsvp_te = capabilities->rsvp_te,
        .wrong_report_closes = session->wrong_report_closes,
    };
    /* config_check.c refuses a longer one. */
    (void)snprintf(made.speaker_id, sizeof made.speaker_id, "%.*s", SESSION_SPEAKER_MAX,
                   session->speaker_entity_id);
    return made;
}
