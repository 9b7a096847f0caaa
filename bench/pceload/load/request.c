/* What a request asks, and which slot of its session it has. */
#include "bench/pceload/load/load.h"
#include "core/base/check.h"

#include <string.h>

#define BANDWIDTH_OCTAVES 4096.0F /* the largest is so many times the smallest */
#define SPREAD            2654435761u

/* A float that no other request has: the bits between min and max, in a fixed order. */
static float unique_bandwidth(const struct load *load, uint64_t number)
{
    float max = load->given.network->bandwidth_max, min;
    uint32_t from, to;
    if (max < 1)
        max = 1;
    min = max / BANDWIDTH_OCTAVES;
    memcpy(&from, &min, sizeof from);
    memcpy(&to, &max, sizeof to);
    CHECK(to > from); /* positive floats are ordered as their bits */
    from += (uint32_t)((number * SPREAD) % (to - from));
    memcpy(&min, &from, sizeof min);
    return min;
}

/* One of the bits of a mask that is not 0. */
static uint32_t draw_bit(struct load *load, uint32_t mask)
{
    CHECK(mask != 0);
    uint32_t number = random_below(&load->picker.random, (uint32_t)__builtin_popcount(mask));
    while (number-- > 0)
        mask &= mask - 1;
    return mask & -mask;
}

static void draw_affinity(struct load *load, struct request_values *values)
{
    const struct network *network = load->given.network;
    if (network->excludable != 0)
        values->exclude_any = draw_bit(load, network->excludable);
    else if (network->missable != 0)
        values->include_any = network->groups & ~draw_bit(load, network->missable);
}

/* mix: half of all requests are plain; the others have one constraint or all. */
static enum request_kind draw_kind(struct load *load)
{
    static const enum request_kind mix[] = {REQUEST_PLAIN,  REQUEST_PLAIN,     REQUEST_PLAIN,
                                            REQUEST_PLAIN,  REQUEST_BANDWIDTH, REQUEST_AFFINITY,
                                            REQUEST_METRIC, REQUEST_ALL};
    switch (load->given.options->constraints) {
    case CONSTRAINTS_UNIQUE:
        return REQUEST_ALL;
    case CONSTRAINTS_MIX:
        return mix[random_below(&load->picker.random, sizeof mix / sizeof mix[0])];
    default:
        return REQUEST_PLAIN;
    }
}

static size_t load_put_request(struct load *load, const struct load_request *request, uint8_t *to)
{
    const struct load_given *given = &load->given;
    const struct end *ends = given->network->ends;
    enum request_kind kind = draw_kind(load);
    struct request_values values = {.id = request->id,
                                    .source = ends[request->pair.source].octets,
                                    .destination = ends[request->pair.destination].octets};
    if (kind != REQUEST_PLAIN) {
        uint64_t number = load->drawn++ * given->rings + given->ring;
        values.bandwidth = unique_bandwidth(load, number);
        draw_affinity(load, &values);
    }
    size_t size = templates_put_request(given->templates, kind, &values, to);
    given->results->request_octets += size;
    given->results->requests_built++;
    return size;
}

/* Where a number of requests ends the run: whether one more may be sent. */
static bool take_budget(struct load *load)
{
    uint64_t wanted = load->given.options->requests;
    if (wanted == 0)
        return true;
    uint64_t used =
        atomic_fetch_add_explicit(&load->given.stage->budget_used.value, 1, memory_order_relaxed);
    return used < wanted;
}

/* A free slot of the session's window, with a new number and the next pair. */
static struct load_request *open_slot(struct load *load, struct load_window *window,
                                      uint32_t number)
{
    CHECK(window->free != 0);
    uint32_t slot = (uint32_t)__builtin_ctzll(window->free);
    struct load_request *request = &load->requests[(size_t)number * load->window + slot];
    window->free &= window->free - 1;
    window->serial++;
    if (window->serial << load->window_bits == 0)
        window->serial = 1;
    request->id = window->serial << load->window_bits | slot;
    request->pair = picker_next(&load->picker);
    counter_add(&load->given.counters->outstanding, 1);
    return request;
}

size_t load_put_requests(struct load *load, struct load_window *window, uint32_t number,
                         uint8_t *to, size_t room)
{
    size_t size = 0;
    bool is_open_loop = load->given.options->open_loop > 0;
    uint32_t due = is_open_loop ? load_due_count(load, window, number) : load->depth;
    if (!load->is_on)
        return 0;
    for (; due > 0 && window->free != 0 && room - size >= TEMPLATE_SIZE; due--) {
        uint64_t asked = load->given.now->ns;
        if (is_open_loop)
            asked = load_asked_ns(load, window, number);
        bool is_measured = asked >= load->measure_from && asked < load->measure_until;
        if (is_measured && !take_budget(load))
            break;
        struct load_request *request = open_slot(load, window, number);
        window->round += is_open_loop;
        request->asked_ns = asked;
        request->is_measured = is_measured;
        if (is_measured)
            counter_add(&load->given.counters->sent, 1);
        size += load_put_request(load, request, to + size);
    }
    return size;
}

void load_forget_requests(struct load *load, struct load_window *window)
{
    uint64_t out = load->all_slots & ~window->free;
    counter_subtract(&load->given.counters->outstanding, (uint64_t)__builtin_popcountll(out));
    window->free = load->all_slots;
}
