;; Calls through the table, of two types.
(module
  (import "alita" "emit" (func $emit (param i32 i32)))
  (memory (export "memory") 1)

  (type $u (func (param i64) (result i64)))
  (type $v (func (param i64 i64) (result i64)))
  (table 4 funcref) (elem (i32.const 0) $double $square $sum)
  (func $double (param i64) (result i64) (i64.shl (local.get 0) (i64.const 1)))
  (func $square (param i64) (result i64) (i64.mul (local.get 0) (local.get 0)))
  (func $sum (param i64 i64) (result i64) (i64.add (local.get 0) (local.get 1)))
  (func (export "run") (local $i i32)
    (loop $l
      (i64.store (i32.const 0) (call_indirect (type $v) (i64.load (i32.const 0))
        (call_indirect (type $u) (i64.extend_i32_u (local.get $i)) (i32.and (local.get $i) (i32.const 1))) (i32.const 2)))
      (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 10))))
    (call $emit (i32.const 0) (i32.const 4))))
