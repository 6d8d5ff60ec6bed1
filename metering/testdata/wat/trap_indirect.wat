;; A call through the table of a function of another type.
(module
  (import "alita" "emit" (func $emit (param i32 i32)))
  (memory (export "memory") 1)

  (type $v (func (param i64) (result i64)))
  (table 1 funcref) (elem (i32.const 0) $f)
  (func $f)
  (func (export "run") (i64.store (i32.const 0) (call_indirect (type $v) (i64.const 1) (i32.const 0))) (call $emit (i32.const 0) (i32.const 4))))
