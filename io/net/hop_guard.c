#include "io/net/hop_guard.h"

#include "io/net/bpf_program.h"
#include "io/net/socket_options.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>

#define V4_TTL       8 /* of the IPv4 header */
#define V4_SOURCE    12
#define V6_HOP_LIMIT 7 /* of the IPv6 header */
#define V6_SOURCE    8
#define SYSTEM_TTL   (-1)
#define KEEP         UINT32_MAX /* octets of the packet */
#define RULE_MAX     12         /* instructions: four words of an address, and what follows */

_Static_assert(HOP_RULES_MAX *RULE_MAX + 1 <= BPF_PROGRAM_MAX, "all rules fit");

struct hop_limits hop_limits_of(uint16_t hops, uint16_t ttl)
{
    CHECK(hops <= HOP_TTL_MAX && ttl <= HOP_TTL_MAX);
    if (hops == 0)
        return (struct hop_limits){.ttl = (uint8_t)ttl};
    return (struct hop_limits){.ttl = HOP_TTL_MAX, .ttl_min = (uint8_t)(HOP_TTL_MAX + 1 - hops)};
}

bool hop_guard_set(int descriptor, int family, const struct hop_limits *limits)
{
    bool is_v6 = family == AF_INET6;
    int level = is_v6 ? IPPROTO_IPV6 : IPPROTO_IP;
    int ttl = limits->ttl == 0 ? SYSTEM_TTL : limits->ttl;
    return socket_set_option(descriptor, level, is_v6 ? IPV6_UNICAST_HOPS : IP_TTL, ttl) &&
           socket_set_option(descriptor, level, is_v6 ? IPV6_MINHOPCOUNT : IP_MINTTL,
                             limits->ttl_min);
}

static uint32_t address_word(const struct ip *ip, size_t at)
{
    const uint8_t *o = ip->octets + at;
    return (uint32_t)o[0] << 24 | (uint32_t)o[1] << 16 | (uint32_t)o[2] << 8 | o[3];
}

/* Of another source: the next rule. Of this one: the packet goes or stays. */
static void guard_put_rule(struct bpf_program *program, const struct hop_rule *rule)
{
    bool is_v4 = rule->peer.family == IP_V4;
    uint32_t source = (uint32_t)SKF_NET_OFF + (is_v4 ? V4_SOURCE : V6_SOURCE);
    uint32_t ttl = (uint32_t)SKF_NET_OFF + (is_v4 ? V4_TTL : V6_HOP_LIMIT);
    uint8_t words = is_v4 ? 1 : 4;
    for (uint8_t i = 0; i < words; i++) {
        uint8_t left = (uint8_t)(2 * (words - 1 - i) + 4); /* instructions of this rule */
        bpf_emit(program, BPF_LD | BPF_W | BPF_ABS, source + 4U * i);
        bpf_emit_jump(program, BPF_JEQ, address_word(&rule->peer, (size_t)4 * i), 0, left);
    }
    bpf_emit(program, BPF_LD | BPF_B | BPF_ABS, ttl);
    bpf_emit_jump(program, BPF_JGE, rule->ttl_min, 1, 0);
    bpf_emit(program, BPF_RET | BPF_K, 0);
    bpf_emit(program, BPF_RET | BPF_K, KEEP);
}

enum pce_status hop_guard_attach(int descriptor, enum ip_family family,
                                 const struct hop_rule *rules, unsigned count,
                                 struct failure *failure)
{
    struct bpf_program program = {.size = 0};
    if (count > HOP_RULES_MAX)
        return failure_set(failure, PCE_LIMIT, "more than %d rules about hops", HOP_RULES_MAX);
    for (unsigned i = 0; i < count; i++) {
        if (rules[i].peer.family == (uint8_t)family && rules[i].ttl_min > 0)
            guard_put_rule(&program, &rules[i]);
    }
    if (program.size == 0) { /* ENOENT: there were none before either */
        int none = 0;
        (void)setsockopt(descriptor, SOL_SOCKET, SO_DETACH_FILTER, &none, sizeof none);
        return PCE_OK;
    }
    bpf_emit(&program, BPF_RET | BPF_K, KEEP);
    struct sock_fprog argument = {.len = program.size, .filter = program.code};
    if (setsockopt(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &argument, sizeof argument) == 0)
        return PCE_OK;
    return failure_set_errno(failure, errno, "SO_ATTACH_FILTER");
}
