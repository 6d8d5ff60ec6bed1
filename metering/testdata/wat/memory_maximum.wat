;; A declared maximum above the limit is lowered to 1,024 pages. The surcharge of three growths of 1,022, 2 and 1 page: 201,523,968.
(module
  (import "alita" "emit" (func $emit (param i32 i32)))
  (memory (export "memory") 1 65536)

  (func (export "run")
    (i64.store (i32.const 0) (i64.extend_i32_u (memory.grow (i32.const 1022))))
    (i64.store (i32.const 8) (i64.and (i64.const 0xffff) (i64.extend_i32_s (memory.grow (i32.const 2)))))
    (i64.store (i32.const 16) (i64.extend_i32_u (memory.grow (i32.const 1))))
    (i64.store (i32.const 24) (i64.extend_i32_u (memory.size)))
    (call $emit (i32.const 0) (i32.const 4))))
