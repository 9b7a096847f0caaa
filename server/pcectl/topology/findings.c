#include "server/pcectl/topology/findings.h"

#include "core/base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void findings_init(struct findings *findings)
{
    memset(findings, 0, sizeof *findings);
}

void findings_fini(struct findings *findings)
{
    for (unsigned kind = 0; kind < FINDING_KIND_COUNT; kind++) {
        for (uint32_t i = 0; i < findings->text_counts[kind]; i++)
            free(findings->texts[kind][i]);
        free(findings->texts[kind]);
    }
    findings_init(findings);
}

struct finding_kind_row finding_kind_row_of(unsigned kind)
{
#define FINDING_ROW(name, id, severity, text) [name] = {(id), (severity), (text)},
    static const struct finding_kind_row rows[] = {NETWORK_FINDINGS(FINDING_ROW)};
#undef FINDING_ROW
    if (kind < FINDING_OF_SOURCES)
        return rows[kind];
    enum rib_finding_kind of_rib = (enum rib_finding_kind)(kind - FINDING_OF_SOURCES);
    return (struct finding_kind_row){rib_finding_id(of_rib), FINDING_WARNING,
                                     rib_finding_text(of_rib)};
}

const char *finding_severity_text(enum finding_severity severity)
{
    static const char *const texts[] = {
        [FINDING_NOTE] = "note", [FINDING_WARNING] = "warning", [FINDING_ERROR] = "error"};
    return texts[severity];
}

void findings_add(struct findings *findings, unsigned kind, const char *text, ...)
{
    char line[FINDING_TEXT_SIZE];
    if (findings->counts[kind]++ >= FINDING_ROWS_MAX)
        return;
    va_list arguments;
    va_start(arguments, text);
    (void)vsnprintf(line, sizeof line, text, arguments);
    va_end(arguments);
    line[utf8_whole_size(line, strlen(line))] = '\0';
    if (findings->texts[kind] == NULL)
        findings->texts[kind] = calloc(FINDING_ROWS_MAX, sizeof *findings->texts[kind]);
    char *copy = findings->texts[kind] == NULL ? NULL : strdup(line);
    if (copy == NULL)
        findings->has_no_memory = true;
    else
        findings->texts[kind][findings->text_counts[kind]++] = copy;
}

enum finding_severity findings_worst(const struct findings *findings)
{
    enum finding_severity worst = FINDING_NOTE;
    for (unsigned kind = 0; kind < FINDING_KIND_COUNT; kind++) {
        enum finding_severity severity = finding_kind_row_of(kind).severity;
        if (findings->counts[kind] > 0 && severity > worst)
            worst = severity;
    }
    return worst;
}

void findings_print(const struct findings *findings)
{
    for (unsigned kind = 0; kind < FINDING_KIND_COUNT; kind++) {
        const struct finding_kind_row row = finding_kind_row_of(kind);
        const char *severity = finding_severity_text(row.severity);
        char id[64];
        (void)snprintf(id, sizeof id, "%s%s", kind < FINDING_OF_SOURCES ? "" : "sources: ", row.id);
        for (uint32_t i = 0; i < findings->text_counts[kind]; i++)
            printf("%-8s %-22s %s\n", severity, id, findings->texts[kind][i]);
        if (findings->counts[kind] > findings->text_counts[kind])
            printf("%-8s %-22s and %llu more\n", severity, id,
                   (unsigned long long)(findings->counts[kind] - findings->text_counts[kind]));
    }
}

static json_t *findings_kind_json(const struct findings *findings, unsigned kind)
{
    const struct finding_kind_row row = finding_kind_row_of(kind);
    json_t *texts = json_array();
    for (uint32_t i = 0; i < findings->text_counts[kind]; i++) {
        if (json_array_append_new(texts, json_string(findings->texts[kind][i])) != 0) {
            json_decref(texts);
            return NULL;
        }
    }
    return json_pack("{s:s,s:s,s:s,s:s,s:I,s:o}", "kind", row.id, "by",
                     kind < FINDING_OF_SOURCES ? "check" : "sources", "severity",
                     finding_severity_text(row.severity), "meaning", row.text, "count",
                     (json_int_t)findings->counts[kind], "found", texts);
}

json_t *findings_json(const struct findings *findings)
{
    json_t *rows = json_array();
    for (unsigned kind = 0; kind < FINDING_KIND_COUNT; kind++) {
        if (findings->counts[kind] == 0)
            continue;
        if (json_array_append_new(rows, findings_kind_json(findings, kind)) != 0) {
            json_decref(rows);
            return NULL;
        }
    }
    return rows;
}
