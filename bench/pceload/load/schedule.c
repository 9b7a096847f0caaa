/* When a request is due. */
#include "bench/pceload/load/load.h"

bool load_read_stage(struct load *load)
{
    const struct stage *stage = load->given.stage;
    uint64_t now_ns = load->given.now->ns;
    bool was_on = load->is_on;
    load->load_from = counter_get(&stage->load_from);
    load->measure_from = counter_get(&stage->measure_from);
    load->measure_until = counter_get(&stage->measure_until);
    load->is_on = options_has_load(load->given.options) && now_ns >= load->load_from &&
                  now_ns < load->measure_until;
    return load->is_on && !was_on && load->given.options->open_loop == 0;
}

uint64_t load_next_change(const struct load *load)
{
    uint64_t now_ns = load->given.now->ns;
    if (now_ns < load->load_from)
        return load->load_from;
    return now_ns < load->measure_until ? load->measure_until : STAGE_NEVER;
}

/* Open loop: all sessions in turn, one request each, at even distances. */
static uint64_t due_of(const struct load *load, uint32_t round, uint32_t number)
{
    const struct load_given *given = &load->given;
    const struct options *options = given->options;
    uint32_t index = number * given->rings + given->ring;
    double place = (double)round * (options->sessions - options_misbehaving(options)) + index;
    return load->load_from + (uint64_t)(place * (1e9 / options->open_loop));
}

uint64_t load_due_ns(const struct load *load)
{
    if (!load->is_on || load->given.options->open_loop == 0 || load->given.well_count == 0)
        return STAGE_NEVER;
    return due_of(load, load->schedule_round, load->schedule_next);
}

uint32_t load_take_due(struct load *load)
{
    uint32_t number = load->schedule_next;
    if (++load->schedule_next == load->given.well_count) {
        load->schedule_next = 0;
        load->schedule_round++;
    }
    return number;
}

uint32_t load_due_count(const struct load *load, const struct load_window *window, uint32_t number)
{
    uint32_t rounds = load->schedule_round;
    rounds += number < load->schedule_next;
    return rounds - window->round;
}

uint64_t load_asked_ns(const struct load *load, const struct load_window *window, uint32_t number)
{
    return due_of(load, window->round, number);
}

void load_on_up(const struct load *load, struct load_window *window, uint32_t number)
{
    window->round += load_due_count(load, window, number);
}
