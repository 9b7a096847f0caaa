#include "core/ted/rib_findings.h"

#include <stdarg.h>
#include <stdio.h>

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
    (void)vsnprintf(finding->text, sizeof finding->text, text, arguments);
    va_end(arguments);
}
