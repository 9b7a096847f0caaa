/* POST /api/v1/paths: a path that is computed for whoever asks. */
#include "server/control/api.h"
#include "server/control/api_answer.h"
#include "server/control/api_arguments.h"
#include "server/northbound/path_asking.h"

#include <stdlib.h>

struct path_ask {
    struct ask ask;
    struct path_asking asking;
};

static struct path_ask *path_ask_of(struct ask *ask)
{
    return CONTAINER_OF(ask, struct path_ask, ask);
}

static void answer_path(struct ask *ask)
{
    static const char *const reasons[] = {
        [PATH_ASKING_NO_NETWORK] = "there is no network",
        [PATH_ASKING_BUSY] = "too many paths are being computed",
    };
    struct path_asking *asking = &path_ask_of(ask)->asking;
    if (asking->outcome != PATH_ASKING_ANSWERED) {
        api_refuse(ask->request, 503, NULL, reasons[asking->outcome]);
        return;
    }
    api_answer_json(ask->request, 200, asking->answer);
    asking->answer = NULL;
}

static void destroy_path(struct ask *ask)
{
    json_decref(path_ask_of(ask)->asking.answer);
    free(path_ask_of(ask));
}

static const struct ask_kind path_kind = {.answer = answer_path, .destroy = destroy_path};

/* False: it is none, which was answered. */
static bool path_read_body(struct http_request *request, struct path_query *query)
{
    struct intent_fault fault = {.field = ""};
    json_t *json = api_read_json(request);
    if (json == NULL)
        return false;
    bool is_good = path_query_read(json, query, &fault);
    json_decref(json);
    if (!is_good)
        api_refuse_body(request, fault.field, fault.reason);
    return is_good;
}

void api_compute_path(struct api *api, struct http_request *request, const char *rest)
{
    static const char *const names[] = {NULL};
    (void)rest;
    if (!api_check_arguments(request, names))
        return;
    struct path_ask *own = calloc(1, sizeof *own);
    if (own == NULL) {
        api_refuse_memory(request);
        return;
    }
    if (!path_read_body(request, &own->asking.query)) {
        free(own);
        return;
    }
    own->ask.kind = &path_kind;
    own->ask.envelope = (struct envelope){.what = envelope_computation(ORDER_PATH_COMPUTE),
                                          .argument = &own->asking,
                                          .shard = api->next_path++ % api->shared->shard_count};
    ask_start(&api->asks, &own->ask, request);
}
