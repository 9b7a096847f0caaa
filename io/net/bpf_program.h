/* BPF program: a classic one that is put together instruction by instruction; for io/ alone.
 *
 * Thread: any. Owns: nothing. Bound: BPF_PROGRAM_MAX instructions; what makes them knows how many. */
#ifndef PCED_IO_NET_BPF_PROGRAM_H
#define PCED_IO_NET_BPF_PROGRAM_H

#include "core/base/check.h"

#include <linux/filter.h>
#include <stdint.h>

#define BPF_PROGRAM_MAX 512

struct bpf_program {
    struct sock_filter code[BPF_PROGRAM_MAX];
    unsigned short size;
};

static inline void bpf_emit(struct bpf_program *program, unsigned code, uint32_t k)
{
    CHECK(program->size < BPF_PROGRAM_MAX);
    program->code[program->size++] = (struct sock_filter){.code = (uint16_t)code, .k = k};
}

/* Compares the accumulator; then and otherwise: instructions that are left out. */
static inline void bpf_emit_jump(struct bpf_program *program, unsigned code, uint32_t k,
                                 uint8_t then, uint8_t otherwise)
{
    bpf_emit(program, BPF_JMP | code | BPF_K, k);
    program->code[program->size - 1].jt = then;
    program->code[program->size - 1].jf = otherwise;
}

#endif
