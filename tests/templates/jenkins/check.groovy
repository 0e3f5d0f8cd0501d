// Compiles Jenkins' files and looks at them with CodeNarc, for validate.py. Arguments: files. A line for each problem,
// validator TAB file TAB problem, and one for each validator's version: validator TAB TAB version.
import org.codehaus.groovy.control.CompilationFailedException
import org.codenarc.analyzer.StringSourceAnalyzer
import org.codenarc.ruleset.CompositeRuleSet
import org.codenarc.ruleset.XmlFileRuleSet

println "groovy\t\t${GroovySystem.version}"
println "CodeNarc\t\t${org.codenarc.CodeNarc.package.implementationVersion ?: org.codenarc.util.CodeNarcVersion.version}"

// What is done in Jenkins' core, and is not Groovy's: @Library.
GroovyClassLoader jenkins = new GroovyClassLoader(this.class.classLoader)
jenkins.parseClass('@interface Library { String[] value() }')

CompositeRuleSet rules = new CompositeRuleSet()
['basic', 'exceptions', 'jenkins', 'security', 'unused'].each { name -> rules.addRuleSet(new XmlFileRuleSet("rulesets/${name}.xml")) }
// `@Library('name') _` annotates a variable that is there for nothing else.
rules.rules.find { rule -> rule.name == 'UnusedVariable' }.ignoreVariableNames = '_'

args.each { path ->
  String text = new File(path).text
  try {
    new GroovyShell(jenkins).parse(text, 'Script1.groovy')
  } catch (CompilationFailedException failed) {
    println "groovy\t${path}\t${failed.message.readLines().findAll { line -> line.trim() }.join(' ')}"
    return
  }
  new StringSourceAnalyzer(text).analyze(rules).violations.each { violation ->
    println "CodeNarc\t${path}\t${violation.lineNumber}: ${violation.rule.name} ${violation.message ?: ''}"
  }
}
