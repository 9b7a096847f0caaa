#include "core/ted/rib_findings.h"

#include "core/base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define FINDING_ID(name, id, text)   [name] = (id),
#define FINDING_TEXT(name, id, text) [name] = (text),

const char *rib_finding_id(enum rib_finding_kind kind)
{
    static const char *const ids[] = {RIB_FINDINGS(FINDING_ID)};
    return ids[kind];
}

const char *rib_finding_text(enum rib_finding_kind kind)
{
    static const char *const texts[] = {RIB_FINDINGS(FINDING_TEXT)};
    return texts[kind];
}

/* What is too long ends with a whole character. */
static void findings_print(char told[RIB_FINDING_TEXT_SIZE], const char *text, va_list arguments)
{
    (void)vsnprintf(told, RIB_FINDING_TEXT_SIZE, text, arguments);
    told[utf8_whole_size(told, strlen(told))] = '\0';
}

void rib_findings_add(struct rib_findings *findings, enum rib_finding_kind kind, const char *text,
                      ...)
{
    findings->counts[kind]++;
    if (findings->count == RIB_FINDINGS_MAX)
        return;
    struct rib_finding *finding = &findings->items[findings->count++];
    finding->kind = kind;
    va_list arguments;
    va_start(arguments, text);
    findings_print(finding->text, text, arguments);
    va_end(arguments);
}

void rib_findings_forget(struct rib_findings *findings, enum rib_finding_kind kind)
{
    uint32_t kept = 0;
    findings->counts[kind] = 0;
    for (uint32_t i = 0; i < findings->count; i++)
        if (findings->items[i].kind != kind)
            findings->items[kept++] = findings->items[i];
    findings->count = kept;
}

void rib_findings_drop(struct rib_findings *findings, enum rib_finding_kind kind, const char *text,
                       ...)
{
    char told[sizeof findings->items[0].text];
    uint32_t i = 0;
    va_list arguments;
    va_start(arguments, text);
    findings_print(told, text, arguments);
    va_end(arguments);
    findings->counts[kind]--;
    while (i < findings->count &&
           (findings->items[i].kind != kind || strcmp(findings->items[i].text, told) != 0))
        i++;
    if (i == findings->count)
        return; /* it was one of those that are counted alone */
    findings->count--;
    memmove(&findings->items[i], &findings->items[i + 1],
            (findings->count - i) * sizeof *findings->items);
}
