/** The bundler gathers the styles that a script imports. */
declare module "*.css";
