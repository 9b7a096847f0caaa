/* Replies: matched with their requests, measured, and judged. */
#include "bench/pceload/load/load.h"
#include "core/base/check.h"

#include "bench/pceload/protocol/response.h"

/* The request of session `number` that is out under this id; NULL after a complaint. */
static struct load_request *reply_match(struct load *load, const struct load_window *window,
                                        uint32_t number, uint32_t id)
{
    uint32_t slot = id & (load->window - 1);
    struct load_request *request = NULL;
    if (load->requests != NULL)
        request = &load->requests[(size_t)number * load->window + slot];
    if (request != NULL && slot < load->depth && request->id == id && id != 0 &&
        (window->free >> slot & 1) == 0)
        return request;
    if (id == TEMPLATES_MARK_ID && load->given.options->is_stateful)
        return NULL; /* the mark behind a synchronisation is not the load's */
    bool was_asked = id != 0 && slot < load->depth && id >> load->window_bits != 0 &&
                     id >> load->window_bits <= window->serial;
    load->given.results->tally.kinds[was_asked ? TALLY_REPLY_AGAIN : TALLY_REPLY_UNKNOWN]++;
    return NULL;
}

static void free_slot(struct load *load, struct load_window *window,
                      const struct load_request *request)
{
    CHECK((window->free >> (request->id & (load->window - 1)) & 1) == 0);
    window->free |= UINT64_C(1) << (request->id & (load->window - 1));
    counter_subtract(&load->given.counters->outstanding, 1);
}

static void measure_reply(struct load *load, const struct load_request *request)
{
    struct live_counters *counters = load->given.counters;
    uint64_t now_ns = load->given.now->ns;
    counter_add(&counters->all_replied, 1);
    if (now_ns >= load->measure_from && now_ns < load->measure_until)
        counter_add(&counters->in_time, 1);
    if (!request->is_measured)
        return;
    counter_add(&counters->replied, 1);
    counter_set(&counters->last_reply_ns, now_ns);
    histogram_add(&load->given.results->latency,
                  now_ns > request->asked_ns ? now_ns - request->asked_ns : 0);
}

static void verify_reply(struct load *load, const struct response *response,
                         const struct load_request *request)
{
    struct results *results = load->given.results;
    enum tally_kind wrong = TALLY_OK;
    if (request->is_measured && response->ero != NULL)
        results->paths++;
    else if (request->is_measured && response->has_no_path)
        results->no_paths++;
    if (load->given.options->is_floor)
        return;
    if (response->ero != NULL)
        wrong = verify_ero(&load->verify, request->pair, response->ero, response->ero_size);
    else if (!response->has_no_path)
        wrong = TALLY_REPLY_NOTHING;
    if (wrong != TALLY_OK)
        results->tally.kinds[wrong]++;
}

bool load_on_reply(struct load *load, struct load_window *window, uint32_t number,
                   const uint8_t *octets, uint32_t size)
{
    struct results *results = load->given.results;
    struct response_reader reader = response_reader_init(octets, size);
    struct response response;
    bool is_freed = false;
    results->reply_octets += size;
    while (response_next(&reader, &response)) {
        const struct load_request *request = reply_match(load, window, number, response.id);
        if (request == NULL)
            continue;
        measure_reply(load, request);
        verify_reply(load, &response, request);
        free_slot(load, window, request);
        is_freed = true;
    }
    results->replies_read += reader.count; /* a message may have several */
    if (reader.failed)
        results->tally.kinds[TALLY_REPLY_MALFORMED]++;
    return is_freed;
}

bool load_on_refusal(struct load *load, struct load_window *window, uint32_t number, uint32_t id)
{
    const struct load_request *request = reply_match(load, window, number, id);
    if (request == NULL)
        return false;
    if (request->is_measured)
        counter_add(&load->given.counters->refused, 1);
    free_slot(load, window, request);
    return true;
}
