/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Counts heap allocations of the whole process, libraries included: defines malloc and its kin in
 * the one test program that includes this. Under a sanitizer the allocator is the sanitizer's and
 * alloc_count_works is false: such a test skips itself.
 */
#ifndef VIDD_TESTS_SUPPORT_ALLOC_COUNT_H
#define VIDD_TESTS_SUPPORT_ALLOC_COUNT_H

#include <malloc.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define ALLOC_COUNT_OFF
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define ALLOC_COUNT_OFF
#endif

static uint64_t alloc_count;

#ifdef ALLOC_COUNT_OFF
static const bool alloc_count_works = false;
#else
static const bool alloc_count_works = true;

/* glibc's own entry points, so that no dlsym is needed. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t align, size_t size);

void *malloc(size_t size)
{
	__atomic_fetch_add(&alloc_count, 1, __ATOMIC_RELAXED);
	return __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	__atomic_fetch_add(&alloc_count, 1, __ATOMIC_RELAXED);
	return __libc_calloc(n, size);
}

void *realloc(void *old, size_t size)
{
	__atomic_fetch_add(&alloc_count, 1, __ATOMIC_RELAXED);
	return __libc_realloc(old, size);
}

void *memalign(size_t align, size_t size)
{
	__atomic_fetch_add(&alloc_count, 1, __ATOMIC_RELAXED);
	return __libc_memalign(align, size);
}

void *aligned_alloc(size_t align, size_t size)
{
	return memalign(align, size);
}
#endif

#endif
