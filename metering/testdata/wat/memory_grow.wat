;; Growth of the memory: 0, 2, 3 and 2000 pages, the last refused. 256 operations for each, and 196,608 for each page asked for: 394,200,064.
(module
  (import "alita" "emit" (func $emit (param i32 i32)))
  (memory (export "memory") 1 100)

  (func (export "run")
    (i64.store (i32.const 0) (i64.extend_i32_u (memory.grow (i32.const 0))))
    (i64.store (i32.const 8) (i64.extend_i32_u (memory.grow (i32.const 2))))
    (i64.store (i32.const 16) (i64.extend_i32_u (memory.grow (i32.const 3))))
    (i64.store (i32.const 24) (i64.and (i64.const 0xffff) (i64.extend_i32_s (memory.grow (i32.const 2000)))))
    (i64.store (i32.const 24) (i64.add (i64.load (i32.const 24)) (i64.shl (i64.extend_i32_u (memory.size)) (i64.const 32))))
    (i64.store (i32.const 393208) (i64.const 1))
    (call $emit (i32.const 0) (i32.const 4))))
