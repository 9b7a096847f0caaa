#include "server/control/api_answer.h"

#include "core/wire/json_text.h"

#define TYPE_JSON "application/json"

void api_answer_json(struct http_request *request, unsigned status, json_t *json)
{
    char *text = wire_json_text(json, JSON_COMPACT);
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

void api_refuse_memory(struct http_request *request)
{
    api_refuse(request, 503, NULL, "memory is short");
}

json_t *api_read_json(struct http_request *request)
{
    json_error_t error;
    json_t *json = json_loadb(request->body, request->body_size, JSON_REJECT_DUPLICATES, &error);
    if (json == NULL)
        api_refuse_body(request, "", error.text);
    return json;
}

void api_refuse_body(struct http_request *request, const char *field, const char *reason)
{
    api_refuse(request, 400, field[0] == '\0' ? "body" : field, reason);
}
