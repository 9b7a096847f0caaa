/* Job: one LSP is looked at, and computed anew and moved where that is due.
 *
 * Internal to core/reopt.
 *
 * Thread: the owning shard. Owns: nothing. */
#ifndef PCED_CORE_REOPT_JOB_H
#define PCED_CORE_REOPT_JOB_H

#include "core/reopt/reopt.h"

/* The LSP's path is laid, and that is all: what is wrong with it puts it into a set. */
void job_lay(struct reopt *reopt, struct reopt_scene *scene, struct lsp *lsp);
/* The LSP's path is laid, judged, and the LSP moved where that is due. */
void job_look(struct reopt *reopt, struct reopt_scene *scene, struct lsp *lsp);

/* The same of one that is known to take more than this thread does: it is given away. */
void job_send(struct reopt *reopt, struct reopt_scene *scene, struct lsp *lsp);
/* A result of another thread for the LSP. */
void job_use(struct reopt *reopt, struct reopt_scene *scene, struct lsp *lsp,
             const struct computation *computation);
/* What is computed elsewhere for the LSP is not wanted any more. */
void job_forget(struct reopt *reopt, const struct lsp *lsp);

#endif
