// usage: node validate.js DATAPACKAGE.JSON [rows]
// What an outside reader (npm datapackage, the reference implementation of Frictionless Data) says of a descriptor, and, with
// "rows", of every row and reference of its tables. Exit 1 where it finds something wrong.
const {Package} = require('datapackage');

(async () => {
    const found = await Package.load(process.argv[2]);
    const wrong = found.errors.map(String);
    for (const resource of process.argv[3] === 'rows' ? found.resources : []) {
        try {
            await resource.read({keyed: true, relations: true});
        } catch (error) {
            wrong.push(`${resource.name}: ${error.message} ${(error.errors || []).slice(0, 3).join(' | ')}`);
        }
    }
    console.log(`${process.argv[2]}: ${found.resources.length} tables, ${wrong.length} complaints`);
    wrong.forEach((line) => console.log(`  ${line}`));
    process.exit(wrong.length > 0 || !found.valid ? 1 : 0);
})();
