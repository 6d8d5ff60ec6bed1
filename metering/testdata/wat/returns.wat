;; Functions that return early, from inside blocks and loops.
(module
  (import "alita" "emit" (func $emit (param i32 i32)))
  (memory (export "memory") 1)

  (func $first (param $n i32) (result i32) (local $i i32)
    (loop $l (result i32)
      (if (i32.gt_u (i32.mul (local.get $i) (local.get $i)) (local.get $n)) (then (return (local.get $i))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br $l)))
  (func $early (param $n i32)
    (block (block (br_if 2 (i32.eqz (local.get $n))) (return)))
    (unreachable))
  (func (export "run")
    (i64.store (i32.const 0) (i64.extend_i32_u (call $first (i32.const 1000))))
    (call $early (i32.const 0)) (call $early (i32.const 1))
    (call $emit (i32.const 0) (i32.const 4)) (return)))
