#include "server/api.h"

#include "core/base/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TYPE_JSON "application/json"

struct route {
    enum http_method method;
    const char *path;   /* ends with '/': there is a rest */
    const char *suffix; /* of the rest, or NULL */
    api_endpoint_fn *run;
};

static const struct route routes[] = {
    {HTTP_GET, "/api/v1/sessions", NULL, api_list_sessions},
    {HTTP_POST, "/api/v1/sessions/", "/close", api_close_session},
    {HTTP_GET, "/api/v1/sessions/", NULL, api_show_session},
    {HTTP_DELETE, "/api/v1/sessions/", NULL, api_close_session},
    {HTTP_GET, "/api/v1/status", NULL, api_show_status},
    {HTTP_GET, "/healthz", NULL, api_show_health},
    {HTTP_GET, "/metrics", NULL, api_show_metrics},
};

void api_answer_json(struct http_request *request, unsigned status, json_t *json)
{
    char *text = json == NULL ? NULL : json_dumps(json, JSON_COMPACT);
    if (json != NULL)
        json_decref(json);
    http_answer(request, status, TYPE_JSON, text);
}

void api_refuse(struct http_request *request, unsigned status, const char *field,
                const char *message)
{
    json_t *json = json_pack("{s:{s:i,s:s?,s:s}}", "error", "status", (int)status, "field", field,
                             "message", message);
    api_answer_json(request, status, json);
}

const char *api_argument(const struct http_request *request, const char *name)
{
    for (uint32_t i = 0; i < request->argument_count; i++) {
        if (strcmp(request->arguments[i].name, name) == 0)
            return request->arguments[i].value;
    }
    return NULL;
}

bool api_check_arguments(struct http_request *request, const char *const *names)
{
    for (uint32_t i = 0; i < request->argument_count; i++) {
        const char *const *name = names;
        while (*name != NULL && strcmp(*name, request->arguments[i].name) != 0)
            name++;
        const char *message = *name == NULL ? "there is no such argument" : NULL;
        for (uint32_t k = 0; k < i && message == NULL; k++) {
            if (strcmp(request->arguments[k].name, request->arguments[i].name) == 0)
                message = "the argument is there twice";
        }
        if (message == NULL)
            continue;
        api_refuse(request, 400, request->arguments[i].name, message);
        return false;
    }
    return true;
}

bool api_parse_number(const char *text, uint64_t greatest, uint64_t *number)
{
    size_t size = strspn(text, "0123456789");
    *number = 0;
    if (size == 0 || size > 18 || text[size] != '\0')
        return false;
    for (const char *c = text; *c != '\0'; c++)
        *number = *number * 10 + (uint64_t)(*c - '0');
    return *number <= greatest;
}

/* The rest behind a route's path; NULL when the path is another one. */
static const char *match(const struct route *route, const char *path)
{
    size_t size = strlen(route->path);
    if (strncmp(path, route->path, size) != 0)
        return NULL;
    const char *rest = path + size;
    if (route->path[size - 1] != '/')
        return rest[0] == '\0' ? rest : NULL;
    size_t tail = route->suffix == NULL ? 0 : strlen(route->suffix);
    size_t rest_size = strlen(rest);
    if (rest_size <= tail)
        return NULL;
    return tail == 0 || strcmp(rest + rest_size - tail, route->suffix) == 0 ? rest : NULL;
}

void api_on_request(void *context, struct http_request *request)
{
    bool is_known = false;
    /* There is no password: a page that an operator looks at must not use the operator's way here.
     */
    if (request->is_of_page) {
        api_refuse(request, 403, "Origin", "web pages are not served");
        return;
    }
    for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++) {
        const char *rest = match(&routes[i], request->path);
        if (rest == NULL)
            continue;
        is_known = true;
        if (routes[i].method == request->method) {
            routes[i].run(context, request, rest);
            return;
        }
    }
    if (is_known)
        api_refuse(request, 405, "method", "this method does not fit here");
    else
        api_refuse(request, 404, "path", "there is nothing of this name");
}
