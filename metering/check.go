package metering

// Check decodes and validates a module and decides whether it may run as a program: core WebAssembly 2.0 without SIMD,
// imports of the program interface only, the exports "memory" and "run: () -> ()", no start function, no float in an imported or
// exported signature, and nothing above the limits. It returns nil or an *[Error].
//
// Check takes time and memory linear in the length of code, for every sequence of bytes.
func Check(code []byte, limits Limits) error {
	_, err := parse(code, limits)
	return err
}
