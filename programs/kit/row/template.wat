;; A row program to begin with: for each column whether the cell is below a limit, which is the input, and whether it is missing. Slot 0 belongs to the
;; host; then for column c slot 2c + 1 is 1 if the cell is there and below, slot 2c + 2 is 1 if it is missing. Copy it, change what happens with a
;; row, and see what it costs:
;;
;;   wat2wasm template.wat -o program.wasm
;;   alita-worker check program.wasm --shape 1:3 --shape 3:7 --input limit.bin
;;
;; Where the host writes: at 0 the number of columns, at 4 the number of slots, at 8 the bytes of the input, at 64 the cells (i64 each), at 0x9000 one byte
;; for each cell (1 present, 0 missing), at 0xa000 the input: the header of the columns, whose length is at 0xa004, and the program's own bytes.
(module
  (memory (export "memory") 3 3)
  (global (export "window") i32 (i32.const 0x20000)) ;; the slots begin here, up to 4096
  (global (export "scratch") i32 (i32.const 0))      ;; bytes after the slots for the program's own use

  ;; Optional: runs once, before the first row. A trap fails the job before any row is seen.
  (func (export "_initialize")
    (if (i32.or
          (i32.ne (i32.load (i32.const 4)) (i32.add (i32.shl (i32.load (i32.const 0)) (i32.const 1)) (i32.const 1)))
          (i32.ne (i32.load (i32.const 8)) (i32.add (i32.load (i32.const 0xa004)) (i32.const 8))))
      (then unreachable)))

  ;; Runs for each row, from the same memory and variables each time. What it leaves in the slots is clamped to the job's ranges.
  (func (export "row")
    (local $k i32) (local $column i32) (local $slot i32) (local $limit i64) (local $here i64)
    (local.set $k (i32.load (i32.const 0)))
    (local.set $limit (i64.load offset=0xa000 (i32.load (i32.const 0xa004))))
    (loop $each
      (local.set $here (i64.load8_u offset=0x9000 (local.get $column)))
      (i64.store offset=0x20008 (local.get $slot)
        (i64.and
          (local.get $here)
          (i64.extend_i32_u
            (i64.lt_u (i64.load offset=64 (i32.shl (local.get $column) (i32.const 3))) (local.get $limit)))))
      (i64.store offset=0x20010 (local.get $slot) (i64.xor (local.get $here) (i64.const 1)))
      (local.set $slot (i32.add (local.get $slot) (i32.const 16)))
      (br_if $each
        (i32.lt_u (local.tee $column (i32.add (local.get $column) (i32.const 1))) (local.get $k))))))
