#include "bench/pceload/load/load.h"

#include "core/base/check.h"

#include <stdlib.h>

_Static_assert(OPTIONS_DEPTH_MAX == 64, "a window's free slots are the bits of a uint64_t");

bool load_init(struct load *load, const struct load_given *given)
{
    const struct options *options = given->options;
    *load = (struct load){.given = *given, .depth = options->depth, .window = 1};
    CHECK(load->depth <= OPTIONS_DEPTH_MAX); /* 0: sessions that ask nothing */
    while (load->window < load->depth) {
        load->window *= 2;
        load->window_bits++;
    }
    load->all_slots =
        load->depth >= OPTIONS_DEPTH_MAX ? UINT64_MAX : (UINT64_C(1) << load->depth) - 1;
    load->verify = (struct verify){given->network, options->setup, options->msd};
    if (!options_has_load(options))
        return true;
    load->requests = calloc((size_t)given->session_count * load->window, sizeof *load->requests);
    picker_init(&load->picker, given->network, options, given->ring, given->rings);
    return load->requests != NULL;
}

void load_fini(struct load *load)
{
    free(load->requests);
    load->requests = NULL;
}

void load_init_window(const struct load *load, struct load_window *window)
{
    *window = (struct load_window){.free = load->all_slots};
}
