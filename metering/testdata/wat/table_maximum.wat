;; A table without a maximum gets one of 65,536 elements. Growth by 65,532, by 1 and by 0xffffffff: 256 + 24 n
;; operations each.
(module
  (import "alita" "emit" (func $emit (param i32 i32)))
  (memory (export "memory") 1)

  (table $tab 4 funcref)
  (func (export "run")
    (i64.store (i32.const 0) (i64.extend_i32_u (table.grow $tab (ref.null func) (i32.const 65532))))
    (i64.store (i32.const 8) (i64.and (i64.const 0xffff) (i64.extend_i32_s (table.grow $tab (ref.null func) (i32.const 1)))))
    (i64.store (i32.const 16) (i64.and (i64.const 0xffff) (i64.extend_i32_s (table.grow $tab (ref.null func) (i32.const -1)))))
    (call $emit (i32.const 0) (i32.const 4))))
