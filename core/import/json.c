#include "core/import/json.h"

#include <stdio.h>
#include <string.h>

json_t *import_json_load(struct graph *graph, const char *text, size_t size)
{
    json_error_t error;
    size_t start = size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    json_t *json = json_loadb(text + start, size - start, JSON_REJECT_DUPLICATES, &error);
    if (json != NULL)
        return json;
    if (json_error_code(&error) == json_error_out_of_memory) {
        (void)graph_fail_memory(graph);
        return NULL;
    }
    (void)graph_fail(graph, PCE_INVALID, error.line > 0 ? (uint32_t)error.line : 1, "",
                     "no JSON: %s", error.text);
    graph->fault->column = error.column > 0 ? (uint32_t)error.column : 0;
    return NULL;
}

/* ---- lines ---- */

/* Over a string whose quotation mark is the current octet; the text is known to be JSON. */
static void json_lines_skip_string(struct json_lines *lines)
{
    for (lines->at++; lines->at < lines->size && lines->text[lines->at] != '"'; lines->at++) {
        if (lines->text[lines->at] == '\\')
            lines->at++;
    }
    lines->at++;
}

static bool json_lines_is_key(const struct json_lines *lines, size_t start, const char *name)
{
    size_t length = strlen(name), at = lines->at;
    while (at < lines->size && strchr(" \t\r\n:", lines->text[at]) != NULL &&
           lines->text[at] != '\0')
        at++;
    return lines->at - start == length + 2 && memcmp(lines->text + start + 1, name, length) == 0 &&
           at < lines->size && lines->text[at] == '[';
}

void json_lines_find(struct json_lines *lines, const char *text, size_t size, const char *list)
{
    *lines = (struct json_lines){.text = text, .size = size, .line = 1};
    while (lines->at < size) {
        size_t start = lines->at;
        if (text[start] == '"') {
            json_lines_skip_string(lines);
            if (!json_lines_is_key(lines, start, list))
                continue;
            while (text[lines->at] != '[')
                lines->line += text[lines->at++] == '\n';
            lines->at++;
            return;
        }
        lines->line += text[start] == '\n';
        lines->at++;
    }
    lines->line = 0;
}

uint32_t json_lines_next(struct json_lines *lines)
{
    uint32_t found = 0, depth = 0;
    while (lines->at < lines->size) {
        char c = lines->text[lines->at];
        bool is_between = c == ',' || c == ' ' || c == '\t' || c == '\r' || c == '\n';
        if (found == 0 && !is_between)
            found = lines->line;
        if (found != 0 && depth == 0 && (c == ',' || c == ']'))
            break;
        if (c == '"') {
            json_lines_skip_string(lines);
            continue;
        }
        depth += c == '{' || c == '[';
        depth -= c == '}' || c == ']';
        lines->line += c == '\n';
        lines->at++;
    }
    return found;
}

/* ---- members ---- */

bool import_json_number(struct graph *graph, const json_t *item, const char *key, uint32_t line,
                        double *value)
{
    const json_t *member = json_object_get(item, key);
    if (member == NULL || json_is_null(member))
        return true;
    if (!json_is_number(member))
        return graph_fail(graph, PCE_INVALID, line, key, "is no number");
    *value = json_number_value(member);
    return true;
}

bool import_json_take_text(struct graph *graph, const json_t *value, const char *key, uint32_t line,
                           uint32_t *text)
{
    char digits[32];
    if (json_is_string(value))
        return graph_add_text(graph, json_string_value(value), json_string_length(value), line,
                              text);
    if (!json_is_integer(value))
        return graph_fail(graph, PCE_INVALID, line, key, "is neither a text nor a whole number");
    (void)snprintf(digits, sizeof digits, "%lld", (long long)json_integer_value(value));
    return graph_add_text(graph, digits, strlen(digits), line, text);
}

bool import_json_text(struct graph *graph, const json_t *item, const char *key, uint32_t line,
                      uint32_t *text)
{
    const json_t *member = json_object_get(item, key);
    return member == NULL || json_is_null(member) ||
           import_json_take_text(graph, member, key, line, text);
}
