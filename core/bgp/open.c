#include "core/bgp/open.h"

#include "core/bgp/layout.h"

#define BGP_VERSION 4
#define AS_TRANS    23456 /* RFC 6793 9 */

/* What we can do: BGP-LS alone; whatever helps a consumer. A Graceful Restart without families says
 * that we keep what a restarting peer has told, and keep nothing of our own (RFC 4724 4). */
static const uint8_t capabilities[] = {
    1,  4,           BGP_AFI_LS >> 8,    BGP_AFI_LS & 0xFF,
    0,  BGP_SAFI_LS,                        /* Multiprotocol */
    2,  0,                                  /* Route-Refresh */
    6,  0,                                  /* Extended-Message */
    64, 2,           BGP_RESTART_N << 4, 0, /* Graceful-Restart */
    70, 0,                                  /* Enhanced-Route-Refresh */
};
#define AS4_CODE            65
#define AS4_CAPABILITY_SIZE 6

enum pce_status bgp_open_write(const struct bgp_open_config *config, struct wire_writer *writer)
{
    uint8_t value[sizeof capabilities + AS4_CAPABILITY_SIZE];
    struct wire_writer list = wire_writer_init(value, sizeof value);
    wire_put_octets(&list, capabilities, sizeof capabilities);
    wire_put_u8(&list, AS4_CODE);
    wire_put_u8(&list, AS4_CAPABILITY_SIZE - 2);
    wire_put_u32(&list, config->local_as);
    struct bgp_parameter parameter = {
        .type = BGP_PARAMETER_CAPABILITIES, .size = sizeof value, .octets = value};
    const struct bgp_message message = {
        .type = BGP_MESSAGE_OPEN,
        .open = {.body = {.version = BGP_VERSION,
                          .my_as =
                              config->local_as > UINT16_MAX ? AS_TRANS : (uint16_t)config->local_as,
                          .hold_time_s = config->hold_time_s,
                          .identifier = config->identifier},
                 .parameters = &parameter,
                 .parameter_count = 1},
    };
    return bgp_encode(&message, writer);
}

static void offer_add(struct bgp_offer *offer, uint8_t code)
{
    offer->codes[code / 8] |= (uint8_t)(1U << code % 8);
}

struct bgp_offer bgp_open_offer(void)
{
    struct bgp_offer offer = {{0}};
    for (size_t at = 0; at < sizeof capabilities; at += 2U + capabilities[at + 1])
        offer_add(&offer, capabilities[at]);
    offer_add(&offer, AS4_CODE);
    return offer;
}

static bool judge_refuse(struct bgp_fault *fault, enum bgp_error_code error, struct wire_span data,
                         const char *reason)
{
    bgp_fault_set(fault,
                  (struct bgp_fault){BGP_ACTION_RESET, error, BGP_HEADER_SIZE, data, reason});
    return false;
}

static const struct wire_span no_data = {NULL, 0};

static uint32_t as_of(const struct bgp_open_message *open)
{
    const struct bgp_four_octet_as *as4 = bgp_find_capability(open, BGP_CAPABILITY_FOUR_OCTET_AS);
    return as4 == NULL ? open->body.my_as : as4->as_number;
}

/* RFC 6286 2.2: not zero, and within one AS not ours. */
static bool identifier_is_valid(const struct bgp_open_config *config, const struct ip *identifier)
{
    if (ip_is_unspecified(identifier))
        return false;
    return config->local_as != config->peer_as || !ip_is_equal(identifier, &config->identifier);
}

static bool judge_fixed(const struct bgp_open_config *config, const struct bgp_open_message *open,
                        struct bgp_fault *fault)
{
    static const uint8_t version[] = {0, BGP_VERSION};
    if (open->body.version != BGP_VERSION)
        return judge_refuse(fault, BGP_ERROR_UNSUPPORTED_VERSION,
                            (struct wire_span){version, sizeof version}, "another version");
    if (as_of(open) == 0 || as_of(open) != config->peer_as)
        return judge_refuse(fault, BGP_ERROR_BAD_PEER_AS, no_data,
                            "the peer's AS is not the configured one");
    if (!identifier_is_valid(config, &open->body.identifier))
        return judge_refuse(fault, BGP_ERROR_BAD_IDENTIFIER, no_data,
                            "the peer's BGP identifier is zero, or ours");
    if (open->body.hold_time_s > 0 && open->body.hold_time_s < BGP_HOLD_TIME_MIN)
        return judge_refuse(fault, BGP_ERROR_BAD_HOLD_TIME, no_data, "a hold time of 1 or 2 s");
    return true;
}

/* A list of capabilities whose lengths do not fit says nothing: what is needed is missing then. */
static bool has_link_state(const struct bgp_open_message *open)
{
    for (uint32_t i = 0; i < open->parameter_count; i++) {
        for (uint32_t k = 0; k < open->parameters[i].capability_count; k++) {
            const struct bgp_capability *capability = &open->parameters[i].capabilities[k];
            if (capability->row == NULL || capability->row->id != BGP_CAPABILITY_MULTIPROTOCOL)
                continue;
            const struct bgp_multiprotocol *family = capability->body;
            if (family->afi == BGP_AFI_LS && family->safi == BGP_SAFI_LS)
                return true;
        }
    }
    return false;
}

static bool judge_parameters(const struct bgp_open_message *open, struct bgp_fault *fault)
{
    for (uint32_t i = 0; i < open->parameter_count; i++) {
        if (open->parameters[i].type != BGP_PARAMETER_CAPABILITIES)
            return judge_refuse(fault, BGP_ERROR_UNSUPPORTED_PARAMETER, no_data,
                                "an optional parameter that is no list of capabilities");
    }
    if (has_link_state(open))
        return true;
    return judge_refuse(fault, BGP_ERROR_UNSUPPORTED_CAPABILITY,
                        (struct wire_span){capabilities, 6}, "the peer does not offer link state");
}

static void negotiate_restart(const struct bgp_open_message *open,
                              struct bgp_negotiated *negotiated)
{
    const struct bgp_graceful_restart *restart =
        bgp_find_capability(open, BGP_CAPABILITY_GRACEFUL_RESTART);
    if (restart == NULL)
        return;
    const struct bgp_restart_family *families = restart->families.bodies;
    for (uint32_t i = 0; i < restart->families.count; i++)
        negotiated->has_restart |= families[i].afi == BGP_AFI_LS && families[i].safi == BGP_SAFI_LS;
    negotiated->restart_time_s = restart->restart_time_s;
    negotiated->has_restart_notified = (restart->flags & BGP_RESTART_N) != 0;
}

static struct bgp_offer offer_of(const struct bgp_open_message *open)
{
    struct bgp_offer offer = {{0}};
    for (uint32_t i = 0; i < open->parameter_count; i++) {
        for (uint32_t k = 0; k < open->parameters[i].capability_count; k++)
            offer_add(&offer, open->parameters[i].capabilities[k].code);
    }
    return offer;
}

bool bgp_open_judge(const struct bgp_open_config *config, const struct bgp_open_message *open,
                    struct bgp_negotiated *negotiated, struct bgp_fault *fault)
{
    uint16_t hold_time_s = open->body.hold_time_s;
    if (!judge_fixed(config, open, fault) || !judge_parameters(open, fault))
        return false;
    *negotiated = (struct bgp_negotiated){
        .identifier = open->body.identifier,
        .offer = offer_of(open),
        .hold_time_s = hold_time_s < config->hold_time_s ? hold_time_s : config->hold_time_s,
        .has_as4 = bgp_find_capability(open, BGP_CAPABILITY_FOUR_OCTET_AS) != NULL,
        .has_extended = bgp_find_capability(open, BGP_CAPABILITY_EXTENDED_MESSAGE) != NULL,
        .has_refresh = bgp_find_capability(open, BGP_CAPABILITY_ROUTE_REFRESH) != NULL,
        .has_enhanced_refresh =
            bgp_find_capability(open, BGP_CAPABILITY_ENHANCED_ROUTE_REFRESH) != NULL,
    };
    negotiate_restart(open, negotiated);
    return true;
}
