;; choice: into which of a number of bins of equal width the one value of a column falls.
;;
;; It is histogram for owners who have exactly one row each, so its vector is one-hot: one slot is one and the others are zero.
;; The input's program bytes and the slots are histogram's: the lower edge of the first bin and the width of a bin, two i64 in
;; little-endian order, in the fixed-point units of the column. With L slots there are L - 3 bins: slot 0 is for a value below
;; the first bin, slot i for bin i (lower + (i-1)*width up to, but without, lower + i*width), slot L-2 for a value above the
;; last bin, slot L-1 for a missing cell.
;; The number of executed instructions is always the same: the slot is chosen with select.
;;
;; Fails with 2 if the job's shape is not k = 1, 4 <= L <= 65536, with 3 if the input is not 0 <= lower < 2^62, 1 <= width < 2^62,
;; with 4 if there is not exactly one row.
(module
  (import "alita" "columns" (func $columns (result i32)))
  (import "alita" "length" (func $length (result i32)))
  (import "alita" "input" (func $input (param i32 i32) (result i32)))
  (import "alita" "next" (func $next (result i32)))
  (import "alita" "read" (func $read (param i32 i32 i32)))
  (import "alita" "emit" (func $emit (param i32 i32)))
  (import "alita" "fail" (func $fail (param i32)))

  ;; 0: the value, 8192: its validity, 65536: the input, 131072: the slots.
  (memory (export "memory") 10 10)

  (func (export "run")
    (local $slots i32) (local $size i32) (local $edges i32)
    (local $lower i64) (local $width i64) (local $bins i64) (local $above i64) (local $missing i64)
    (local $x i64) (local $bin i64)

    (local.set $slots (call $length))
    (if (i32.or
          (i32.ne (call $columns) (i32.const 1))
          (i32.gt_u (i32.sub (local.get $slots) (i32.const 4)) (i32.const 65532)))
      (then (call $fail (i32.const 2))))
    (local.set $bins (i64.extend_i32_u (i32.sub (local.get $slots) (i32.const 3))))
    (local.set $above (i64.add (local.get $bins) (i64.const 1)))
    (local.set $missing (i64.add (local.get $bins) (i64.const 2)))

    ;; The length of the header stands at byte 4 of the input; the program's bytes follow the header and end the input.
    (local.set $size (call $input (i32.const 65536) (i32.const 65536)))
    (local.set $edges (i32.load (i32.const 65540)))
    (if (i32.or
          (i32.lt_u (local.get $size) (i32.const 24))
          (i32.ne (local.get $edges) (i32.sub (local.get $size) (i32.const 16))))
      (then (call $fail (i32.const 3))))
    (local.set $lower (i64.load offset=65536 (local.get $edges)))
    (local.set $width (i64.load offset=65544 (local.get $edges)))
    (if (i32.or
          (i64.ge_u (local.get $lower) (i64.const 0x4000000000000000))
          (i64.ge_u (i64.sub (local.get $width) (i64.const 1)) (i64.const 0x3fffffffffffffff)))
      (then (call $fail (i32.const 3))))

    ;; A batch that is not full is the last, so a first batch of one row is all there is.
    (if (i32.ne (call $next) (i32.const 1))
      (then (call $fail (i32.const 4))))
    (call $read (i32.const 0) (i32.const 0) (i32.const 8192))

    (local.set $x (i64.sub (i64.load (i32.const 0)) (local.get $lower)))
    (local.set $bin (i64.div_u (local.get $x) (local.get $width)))
    (local.set $bin
      (select (local.get $above) (i64.add (local.get $bin) (i64.const 1))
              (i64.ge_u (local.get $bin) (local.get $bins))))
    (local.set $bin
      (select (i64.const 0) (local.get $bin) (i64.lt_s (local.get $x) (i64.const 0))))
    (local.set $bin
      (select (local.get $bin) (local.get $missing) (i32.load8_u (i32.const 8192))))
    (i64.store offset=131072 (i32.shl (i32.wrap_i64 (local.get $bin)) (i32.const 3)) (i64.const 1))

    (call $emit (i32.const 131072) (local.get $slots))))
