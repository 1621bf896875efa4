-- A prepared increment is kept without the zeros that keep the place of its signature: 1 KB waits instead of 33.
update signing_step
set increment = substring(increment for contents_at) || substring(increment from contents_at + 2 * contents_bytes + 1)
where increment is not null and contents_bytes > 0;
