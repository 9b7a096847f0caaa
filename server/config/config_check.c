/* What holds between the rows of a configuration; asked for the file and for each peer. */
#include "server/config/config_impl.h"

#include "server/config/endpoint.h"

#include <stdarg.h>
#include <string.h>

__attribute__((format(printf, 3, 4))) static enum pce_status
check_refuse(struct config_fault *fault, const char *key, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(fault->reason, sizeof fault->reason, format, arguments);
    va_end(arguments);
    (void)snprintf(fault->key, sizeof fault->key, "%s", key);
    return PCE_INVALID;
}

static enum pce_status check_session(const struct config_session *session,
                                     struct config_fault *fault)
{
    if (session->keepalive_s == 0 && session->dead_timer_s != 0)
        return check_refuse(fault, "session.dead-timer",
                            "must be 0 because session.keepalive is 0 (RFC 5440 7.3)");
    if (session->keepalive_s != 0 && session->dead_timer_s <= session->keepalive_s)
        return check_refuse(fault, "session.dead-timer",
                            "is %u s, must be greater than session.keepalive (%u s)",
                            session->dead_timer_s, session->keepalive_s);
    if (session->keepalive_min_s > session->keepalive_max_s)
        return check_refuse(fault, "session.keepalive-min",
                            "is greater than session.keepalive-max (%u s)",
                            session->keepalive_max_s);
    if (session->dead_timer_min_s > session->dead_timer_max_s)
        return check_refuse(fault, "session.dead-timer-min",
                            "is greater than session.dead-timer-max (%u s)",
                            session->dead_timer_max_s);
    return PCE_OK;
}

static enum pce_status check_capabilities(const struct config_capabilities *capabilities,
                                          struct config_fault *fault)
{
    if (!capabilities->stateful && capabilities->stateful_update)
        return check_refuse(fault, "capabilities.stateful-update", "needs capabilities.stateful");
    if (!capabilities->stateful && capabilities->stateful_initiate)
        return check_refuse(fault, "capabilities.stateful-initiate", "needs capabilities.stateful");
    if (!capabilities->rsvp_te && !capabilities->sr_mpls && !capabilities->srv6)
        return check_refuse(fault, "capabilities.rsvp-te",
                            "one of rsvp-te, sr-mpls and srv6 must be true");
    return PCE_OK;
}

enum pce_status config_check(const struct config *config, struct config_fault *fault)
{
    struct ip address;
    uint16_t port;
    enum pce_status status = check_session(&config->session, fault);
    if (status == PCE_OK)
        status = check_capabilities(&config->capabilities, fault);
    if (status != PCE_OK)
        return status;
    if (config->limits.pending_hard <= config->limits.pending_soft)
        return check_refuse(fault, "limits.pending-hard",
                            "is %u octets, must be greater than limits.pending-soft (%u)",
                            config->limits.pending_hard, config->limits.pending_soft);
    if (config->log.destination == CONFIG_LOG_DESTINATION_FILE && config->log.file[0] == '\0')
        return check_refuse(fault, "log.file", "must be named because log.destination is file");
    if (config->log.destination != CONFIG_LOG_DESTINATION_FILE && config->log.file[0] != '\0')
        return check_refuse(fault, "log.file", "needs log.destination: file");
    if (config->control.listen[0] != '\0' &&
        !endpoint_parse(config->control.listen, &address, &port))
        return check_refuse(fault, "control.listen",
                            "\"%.60s\" is no ADDRESS:PORT, [ADDRESS]:PORT or PORT",
                            config->control.listen);
    if (strlen(config->session.speaker_entity_id) > CONFIG_SPEAKER_ID_MAX)
        return check_refuse(fault, "session.speaker-entity-id", "must have at most %d octets",
                            CONFIG_SPEAKER_ID_MAX);
    if (config->lsp.originator_address[0] != '\0' &&
        (!ip_parse(config->lsp.originator_address, &address) || ip_is_unspecified(&address)))
        return check_refuse(fault, "lsp.originator-address",
                            "\"%.60s\" is no address that we could have",
                            config->lsp.originator_address);
    if (!host_names_are_good(config->control.hosts))
        return check_refuse(fault, "control.hosts", "must be names, separated by spaces");
    return PCE_OK;
}
