/* Writing a plan. Room is reserved once and never moves, so pointers into it stay right. For plan_parse only. */
#pragma once

#include <stdint.h>

#include "plan.h"

struct plan_builder {
	char *memory; /* PLAN_SIZE_MAX of untouched pages */
	uint32_t used;
	bool full;
};

/* Returns 0, or -1 with errno. */
int builder_open(struct plan_builder *b);
void builder_close(struct plan_builder *b);

static inline struct plan *builder_plan(struct plan_builder *b)
{
	return (struct plan *)b->memory;
}

/* A copy of text; 0 for NULL. */
plan_string builder_text(struct plan_builder *b, const char *text);

/* A zeroed list of count elements; *items points at them. When the room is used up, the list is empty and b->full set. */
struct plan_list builder_list(struct plan_builder *b, uint32_t count, uint32_t size, void **items);

struct plan_blob builder_blob(struct plan_builder *b, const void *data, uint32_t size);

/* Ends the plan and puts it in a sealed memfd. Returns it, or -1 with err set. */
int builder_seal(struct plan_builder *b, struct error *err);
