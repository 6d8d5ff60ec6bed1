;; A function that calls itself for ever, through the table.
(module
  (import "alita" "emit" (func $emit (param i32 i32)))
  (memory (export "memory") 1)

  (type $t (func))
  (table 1 funcref) (elem (i32.const 0) $self)
  (func $self (call_indirect (type $t) (i32.const 0)))
  (func (export "run") (call $self) (call $emit (i32.const 0) (i32.const 4))))
