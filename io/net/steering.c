#include "io/net/steering.h"

#include "core/base/check.h"
#include "io/net/bpf_program.h"
#include "io/net/listener.h"

#include <errno.h>
#include <sys/socket.h>

#define MIX_A     UINT32_C(0x7feb352d)
#define MIX_B     UINT32_C(0x846ca68b)
#define V4_SOURCE 12 /* of the IPv4 header */
#define V6_SOURCE 8  /* of the IPv6 header */

/* Every bit of the word moves every bit of the result. */
static uint32_t mix(uint32_t h)
{
    h ^= h >> 16;
    h *= MIX_A;
    h ^= h >> 15;
    h *= MIX_B;
    h ^= h >> 16;
    return h;
}

unsigned listener_shard_of(const struct ip *source, unsigned shard_count)
{
    CHECK(shard_count > 0);
    uint32_t h = 0;
    for (size_t i = 0; i < ip_size(source); i += 4) {
        const uint8_t *o = source->octets + i;
        h = mix(h ^
                (((uint32_t)o[0] << 24) | ((uint32_t)o[1] << 16) | ((uint32_t)o[2] << 8) | o[3]));
    }
    return h % shard_count;
}

/* A ^= A >> shift */
static void emit_fold(struct bpf_program *program, uint32_t shift)
{
    bpf_emit(program, BPF_MISC | BPF_TAX, 0);
    bpf_emit(program, BPF_ALU | BPF_RSH | BPF_K, shift);
    bpf_emit(program, BPF_ALU | BPF_XOR | BPF_X, 0);
}

static void emit_mix(struct bpf_program *program)
{
    emit_fold(program, 16);
    bpf_emit(program, BPF_ALU | BPF_MUL | BPF_K, MIX_A);
    emit_fold(program, 15);
    bpf_emit(program, BPF_ALU | BPF_MUL | BPF_K, MIX_B);
    emit_fold(program, 16);
}

static void build(struct bpf_program *program, enum ip_family family, unsigned shard_count)
{
    uint32_t source = (uint32_t)SKF_NET_OFF + (family == IP_V4 ? V4_SOURCE : V6_SOURCE);
    uint32_t size = family == IP_V4 ? 4 : 16;
    for (uint32_t i = 0; i < size; i += 4) {
        if (i > 0)
            bpf_emit(program, BPF_ST, 0); /* M[0] = what is mixed so far */
        bpf_emit(program, BPF_LD | BPF_W | BPF_ABS, source + i);
        if (i > 0) {
            bpf_emit(program, BPF_LDX | BPF_W | BPF_MEM, 0);
            bpf_emit(program, BPF_ALU | BPF_XOR | BPF_X, 0);
        }
        emit_mix(program);
    }
    bpf_emit(program, BPF_ALU | BPF_MOD | BPF_K, shard_count);
    bpf_emit(program, BPF_RET | BPF_A, 0);
}

enum pce_status steering_attach(int descriptor, enum ip_family family, unsigned shard_count,
                                struct failure *failure)
{
    struct bpf_program program = {.size = 0};
    build(&program, family, shard_count);
    struct sock_fprog argument = {.len = program.size, .filter = program.code};
    if (setsockopt(descriptor, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &argument, sizeof argument) ==
        0)
        return PCE_OK;
    return failure_set_errno(failure, errno, "SO_ATTACH_REUSEPORT_CBPF");
}
