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

// Inspect does what [Check] does and returns the form of a row program, nil for a program that takes batches. A module with the export "run" takes
// batches, whatever else it exports. A row program exports "row: () -> ()" and the constants "window" and "scratch" instead, imports nothing,
// and has nothing that could outlive a row and that a host could not put back.
func Inspect(code []byte, limits Limits) (*RowForm, error) {
	m, err := parse(code, limits)
	if err != nil {
		return nil, err
	}
	return m.row, nil
}
